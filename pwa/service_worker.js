// Keeps the shell of the pages and one page for the time without a network; nothing that belongs to a person.
// The build writes SHELL: the addresses of styles, scripts, icons and fonts, each named by its content.
const PAGE = '/ngoai-tuyen';
const MINE = 'shell-' + SHELL.map(address => address.split('.').at(-2)).join('').slice(0, 200);

self.addEventListener('install', event => {
  event.waitUntil((async () => {
    const cache = await caches.open(MINE);
    // Without cookies: the kept page must not know who is signed in.
    await cache.put(PAGE, await fetch(PAGE, {credentials: 'omit'}));
    await Promise.all(SHELL.map(async address => cache.put(address, await caches.match(address) ?? await fetch(address))));
    await self.skipWaiting();
  })());
});

self.addEventListener('activate', event => {
  event.waitUntil((async () => {
    const names = (await caches.keys()).filter(name => name.startsWith('shell-') && name !== MINE);
    // The previous shell stays one generation: a page that is open may still ask for its parts.
    await Promise.all(names.slice(0, -1).map(name => caches.delete(name)));
    await self.clients.claim();
  })());
});

self.addEventListener('fetch', event => {
  const {request} = event, address = new URL(request.url);
  if (request.method !== 'GET' || address.origin !== location.origin) return;
  if (request.mode === 'navigate') event.respondWith(fetch(request).catch(() => caches.match(PAGE)));
  else if (address.pathname.startsWith('/a/')) event.respondWith(caches.match(request, {ignoreVary: true}).then(kept => kept ?? fetch(request)));
});
