// Live steps: one stream for all visible tabs. The tab that holds the lock reads it and tells the others; an event only says
// that a subject changed, and the page's blocks (hx-trigger="live:<subject> from:document") ask for themselves again.
const FRESH = 30 * 60 * 1000;  // past this the server may have forgotten what we missed: ask everything again
const channel = new BroadcastChannel('live');
let kept = JSON.parse(sessionStorage.getItem('live') ?? 'null');
let open = false;
let running = null;

const fresh = () => kept && Date.now() - kept.at < FRESH;
const say = subject => document.dispatchEvent(new CustomEvent(`live:${subject}`));

function keep(id) {
  kept = {id, at: Date.now()};
  sessionStorage.setItem('live', JSON.stringify(kept));
}

// Whatever happened between the page's making and the first event: each block looks once for itself.
function catchUp() {
  const subjects = new Set();
  for (const block of document.querySelectorAll('[hx-trigger*="live:"]')) {
    for (const [, subject] of block.getAttribute('hx-trigger').matchAll(/live:(\S+)/g)) subjects.add(subject);
  }
  subjects.forEach(say);
}

function show(now) {
  if (open === now) return;
  open = now;
  for (const sign of document.querySelectorAll('[data-live]')) {
    sign.hidden = false;
    sign.dataset.words ??= sign.textContent;
    sign.classList.toggle('live-lost', !open);
    const at = new Date().toLocaleTimeString('vi', {hour: 'numeric', minute: '2-digit', timeZone: 'Asia/Ho_Chi_Minh'});
    sign.textContent = open ? sign.dataset.words : `${sign.dataset.lost} ${at}`;
  }
}

channel.onmessage = ({data}) => {
  if (data.ask) running?.leads && channel.postMessage({open});
  if ('open' in data) show(data.open);
  if (data.id) keep(data.id);
  if (data.subject) say(data.subject);
};

function read(url, signal) {
  let source, timer, wait = 1000;
  const state = now => { show(now); channel.postMessage({open: now}); };
  const connect = () => {
    const resumed = fresh();
    source = new EventSource(resumed ? `${url}?last=${encodeURIComponent(kept.id)}` : url);
    source.addEventListener('hello', event => {
      if (!resumed) catchUp();
      keep(event.lastEventId);
      wait = 1000;
      state(true);
    });
    source.addEventListener('change', event => {
      keep(event.lastEventId);
      channel.postMessage({id: event.lastEventId, subject: event.data});
      say(event.data);
    });
    source.onerror = () => {
      state(false);
      if (source.readyState !== EventSource.CLOSED) return;
      timer = setTimeout(connect, wait * (.7 + Math.random() * .6));  // the browser gave up: any answer but 200
      wait = Math.min(wait * 2, 60000);
    };
  };
  connect();
  return new Promise(done => signal.addEventListener('abort', () => { clearTimeout(timer); source.close(); done(); }, {once: true}));
}

export default function (body) {
  const lead = state => {
    if (state.signal.aborted) return undefined;
    state.leads = true;
    return read(body.dataset.stream, state.signal);
  };
  const leave = () => { running?.stop.abort(); running = null; };
  const check = async () => {
    if (document.hidden) return leave();
    if (running) return;
    const stop = new AbortController();
    const state = running = {stop, signal: stop.signal, leads: false};
    const led = await navigator.locks.request('live', {ifAvailable: true}, lock => lock && Promise.resolve(lead(state)).then(() => true));
    if (led || state.signal.aborted) return;
    catchUp();
    channel.postMessage({ask: true});
    navigator.locks.request('live', {signal: state.signal}, () => lead(state)).catch(() => {});
  };
  document.addEventListener('visibilitychange', check);
  addEventListener('pageshow', check);
  addEventListener('pagehide', leave);
  check();
}
