// Live steps. One stream for all visible tabs: whoever holds the lock reads it and tells the others. An event only says what
// changed; blocks with hx-trigger="live:<subject> from:document" ask for themselves again. A mark is a place in the stream:
// all before it is on the page. The server wrote one into the page, so nothing is missed between its making and the stream.
const SILENCE = 40_000;  // the server says something every 15 s; after this the line is dead, whatever it looks like
const channel = new BroadcastChannel('live');
let mark = 0;
let open = false, heard = Date.now(), stale;
const later = new Set();  // what changed while a block that shows it was busy
let leading = null;  // of the tab that reads: {stop, again(mark), since, last}

const triggers = () => [...document.querySelectorAll('[hx-trigger*="live:"]')].map(block => block.getAttribute('hx-trigger'));
const everything = () => triggers().flatMap(trigger => [...trigger.matchAll(/live:([\w-]+)/g)].map(match => match[1]));

function show() {
  const at = new Date(heard), time = `${at.getHours()}:${String(at.getMinutes()).padStart(2, '0')}`;
  for (const sign of document.querySelectorAll('[data-live]')) {
    sign.dataset.words ??= sign.textContent;
    sign.hidden = false;
    sign.classList.toggle('live-lost', !open);
    sign.textContent = open ? sign.dataset.words : `${sign.dataset.lost} ${time}`;
  }
}

function turn(now) {
  open = now;
  show();
}

function watch() {
  clearTimeout(stale);
  stale = setTimeout(() => { turn(false); leading?.again(mark); }, SILENCE);
}

// A block that is on its way, or in which a button was just pressed, may have been made before this change: it asks again
// when it has come. htmx by itself drops the later request together with the block that is replaced meanwhile.
function tell(name) {
  const busy = [...document.querySelectorAll(`[hx-trigger*="live:${name} "]`)]
    .some(block => block.matches('.htmx-request') || block.querySelector('.htmx-request'));
  if (busy) later.add(name);
  else document.dispatchEvent(new CustomEvent(`live:${name}`));
}

function tellLater() {
  const names = [...later];
  later.clear();
  names.forEach(tell);
}

// `since`: from where on the reader has missed nothing. A page that is behind that must not believe that it has all.
function take({since, to, subjects}) {
  heard = Date.now();
  watch();
  turn(true);
  const names = subjects === '*' ? everything() : subjects.split(' ').filter(Boolean);
  for (const name of new Set(names)) tell(name);
  if (subjects === '*') mark = to;
  else if (!mark || mark >= since) mark = Math.max(mark, to);
}

channel.onmessage = ({data}) => {
  if (!('behind' in data)) return take(data);
  if (!leading || !open) return;
  if (data.behind && data.behind < leading.last) leading.again(data.behind);
  else channel.postMessage({since: leading.since, to: leading.last, subjects: ''});
};

function read(url, signal) {
  let source, timer, wait = 1000;
  const reader = leading = {since: mark, last: mark, again};

  function again(from) {
    source?.close();
    clearTimeout(timer);
    watch();
    reader.since = Math.min(reader.since, from);
    source = new EventSource(from ? `${url}?last=${from}` : url);
    source.addEventListener('hello', pass);
    source.addEventListener('change', pass);
    source.addEventListener('bye', leave);
    source.onerror = () => {
      turn(false);
      if (source.readyState === EventSource.CLOSED) timer = setTimeout(retry, wait * (.7 + Math.random() * .6));
    };
  }

  function pass({data, lastEventId}) {
    wait = 1000;
    reader.last = Number(lastEventId) || reader.last;
    reader.since ||= reader.last;
    const message = {since: reader.since, to: reader.last, subjects: data};
    take(message);
    channel.postMessage(message);
  }

  // Signed out: the lock stays ours, so that no other tab asks in vain.
  function leave() {
    source.close();
    leading = null;
    turn(false);
  }

  // The browser gave up after an answer that is no stream. Does the server let us in at all?
  async function retry() {
    wait = Math.min(wait * 2, 60_000);
    const answer = await fetch(url, {method: 'HEAD', cache: 'no-store'}).catch(() => null);
    if (answer?.status === 401) leave();
    else if (!signal.aborted) again(mark);
  }

  again(mark);
  return new Promise(done => signal.addEventListener('abort', () => {
    clearTimeout(timer);
    source.close();
    leading = null;
    done();
  }, {once: true}));
}

export default function (body) {
  let stop = null;
  mark ||= Number(body.dataset.mark) || 0;
  const leave = () => { stop?.abort(); stop = null; };
  const check = () => {
    if (document.hidden) return leave();
    if (stop) return;
    const {signal} = stop = new AbortController();
    channel.postMessage({behind: mark});
    navigator.locks.request('live', {signal}, () => signal.aborted ? undefined : read(body.dataset.stream, signal)).catch(() => {});
  };
  document.addEventListener('visibilitychange', check);
  document.addEventListener('htmx:after:swap', show);
  document.addEventListener('htmx:finally:request', () => setTimeout(tellLater));
  addEventListener('pageshow', check);
  addEventListener('pagehide', leave);
  check();
}
