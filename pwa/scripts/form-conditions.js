// Shows and hides the questions of one page as answers change, by the same conditions the server reads (data-when),
// and fetches a list that depends on another (data-feeds). Without it every question stands there and the server decides.
const number = text => /^-?\d{1,3}(\.\d{3})+(,\d+)?$/.test(text) ? Number(text.replace(/\./g, '').replace(',', '.')) : Number(text.replace(',', '.'));

export function answer(form, path) {
  const year = form.elements[`${path}.year`];
  if (year) {
    const [d, m, y] = ['day', 'month', 'year'].map(box => form.elements[`${path}.${box}`].value.trim());
    return /^\d{4}$/.test(y) ? [y, m, d].filter(Boolean).map(part => part.padStart(2, '0')).join('-') : '';
  }
  const inputs = [...form.querySelectorAll(`[name="${CSS.escape(path)}"]`)].filter(input => input.type !== 'hidden');
  const boxes = inputs.filter(input => input.type === 'checkbox');
  if (boxes.length === 1 && boxes[0].value === 'on') return boxes[0].checked || '';
  if (boxes.length) return boxes.filter(box => box.checked).map(box => box.value);
  return (inputs.find(input => input.type !== 'radio' || input.checked)?.value ?? '').trim();
}

// First and last day a date may mean; a year alone counts only if each of its days does.
const span = text => {
  const [y, m, d] = text.split('-').map(Number);
  return [new Date(y, (m || 1) - 1, d || 1), d ? new Date(y, m - 1, d) : new Date(y, m || 12, 0)];
};
const after = (day, length) => 'years' in length
  ? new Date(day.getFullYear() + length.years, day.getMonth(), day.getDate())
  : new Date(day.getFullYear(), day.getMonth(), day.getDate() + length.days);
const today = () => { const now = new Date(); return new Date(now.getFullYear(), now.getMonth(), now.getDate()); };
const isDate = text => /^\d{4}(-\d\d){0,2}$/.test(text);

const tests = {
  equals: (v, w) => v === w || (typeof w === 'number' && number(v) === w),
  not_equals: (v, w) => !tests.equals(v, w),
  in: (v, w) => w.some(one => Array.isArray(v) ? v.includes(one) : tests.equals(v, one)),
  contains: (v, w) => v.includes(w),
  filled: (v, w) => w,
  matches: (v, w) => new RegExp(w, 'iu').test(v),
  min: (v, w) => number(v) >= w,
  max: (v, w) => number(v) <= w,
  older_than: (v, w) => isDate(v) && ('years' in w ? after(span(v)[1], w) <= today() : after(span(v)[1], w) < today()),
  younger_than: (v, w) => isDate(v) && ('years' in w ? after(span(v)[0], w) > today() : after(span(v)[0], w) >= today()),
};

// True, false, or undefined for a condition only the server can read.
export function holds(condition, value) {
  if (condition.all) return condition.all.every(one => holds(one, value) !== false);
  if (condition.any) return condition.any.some(one => holds(one, value) !== false);
  if (condition.not) { const inner = holds(condition.not, value); return inner === undefined ? inner : !inner; }
  if (!condition.field) return undefined;
  const given = value(condition.field);
  if (given === '' || given.length === 0) return condition.filled === false && Object.keys(condition).length === 2;
  return Object.entries(condition).every(([name, wanted]) => name === 'field' || tests[name](given, wanted));
}

export default function (root) {
  const form = root.closest('form');
  // What is hidden reads as empty, as on the server; conditions look back only, so one pass in order suffices.
  const seen = path => form.querySelector(`[data-unit="${CSS.escape(path)}"]`)?.closest('[hidden]') ? '' : answer(form, path);
  const show = () => {
    for (const part of root.querySelectorAll('[data-when]')) part.hidden = holds(JSON.parse(part.dataset.when), seen) === false;
  };
  const feed = async select => {
    const list = document.getElementById(select.dataset.feeds);
    const url = root.dataset.communes;
    if (!list || !url) return;
    const reply = await fetch(`${url}?province=${encodeURIComponent(select.value)}`).catch(() => null);
    if (reply?.ok) list.innerHTML = await reply.text();
  };
  root.addEventListener('input', show);
  root.addEventListener('change', event => {
    show();
    if (event.target.dataset.feeds) feed(event.target);
  });
  show();
}
