// The entry: binds behaviours to what is on the page and to what htmx brings in, and keeps focus and words where they belong.
import {behaviours} from './behaviours.js';

const bound = new WeakMap();

function bind(element) {
  const done = bound.get(element) ?? new Set();
  bound.set(element, done);
  for (const name of element.dataset.behaviour.split(' ')) {
    if (done.has(name) || !behaviours[name]) continue;
    done.add(name);
    behaviours[name]().then(behaviour => behaviour.default(element));
  }
}

function bindAll(root) {
  if (root.matches?.('[data-behaviour]')) bind(root);
  for (const element of root.querySelectorAll('[data-behaviour]')) bind(element);
}

// A swap that removed the focused element drops focus on body: lead it to the first mistake, or to what is new.
function refocus() {
  if (document.activeElement !== document.body) return;
  const target = document.querySelector('main [aria-invalid="true"], main [data-focus]');
  if (!target) return;
  if (target.matches('[data-focus]')) target.tabIndex = -1;
  target.focus();
}

// A live step in a page where nothing has focus leads nobody away from what they read.
let leads = false;
document.addEventListener('htmx:before:swap', ({detail}) => {
  leads ||= document.activeElement !== document.body || !detail.ctx?.sourceEvent?.type.startsWith('live:');
});

document.addEventListener('htmx:after:swap', () => {
  bindAll(document);
  if (leads) refocus();
  leads = false;
});

// No line: nothing swaps. Say so where the other notices stand; what was typed stays in the page.
document.addEventListener('htmx:error', () => {
  const strip = document.querySelector('.strip');
  if (strip && !navigator.onLine) strip.hidden = false;
});

// A summary of mistakes, or whatever a fresh page marks, takes focus first.
document.querySelector('main [data-focus][autofocus]')?.focus();
bindAll(document);

// Shows a page of ours, not the browser's, when the network does not answer. It comes with the second page: the first
// one is for reading, on whatever line there is.
if (document.referrer.startsWith(location.origin)) navigator.serviceWorker?.register('/service_worker.js');
