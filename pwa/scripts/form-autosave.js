// Saves a draft as it is typed: only the questions that changed, each with the stamp of what it began from. "Đã lưu" is said
// only when the server has said so. Changed elsewhere too (409): both are shown, the person picks. No input is ever replaced.
const WAIT = 1200;

export default function (form) {
  const saved = document.getElementById(`${form.id}-saved`);
  const token = form.elements._csrf_token?.value ?? '';
  let was = JSON.parse(form.elements._was.value || '{}');
  let waiting = new Set(), timer = 0, busy = false;

  const say = text => {
    if (saved) saved.textContent = text;
    form.dispatchEvent(new CustomEvent('draft:said', {bubbles: true, detail: text}));
  };

  // A repeated group is saved as a whole, so that its items keep their places.
  const unitOf = element => {
    let unit = element.closest('[data-unit]');
    const group = unit?.closest('.field--repeat');
    if (group) unit = group;
    return unit;
  };

  const controls = unit => [...unit.querySelectorAll('[name]')].filter(input => input.type !== 'file' && !input.name.startsWith('_'));

  const body = units => {
    const data = new URLSearchParams();
    const stamps = {};
    for (const unit of units) {
      for (const input of controls(unit)) {
        if (!['radio', 'checkbox'].includes(input.type) || input.checked) data.append(input.name, input.value);
      }
      stamps[unit.dataset.unit] = was[unit.dataset.unit];
    }
    data.set('_was', JSON.stringify(stamps));
    data.set('_version', form.elements._version.value);
    return data;
  };

  const remember = reply => {
    was = {...was, ...reply.was};
    form.elements._was.value = JSON.stringify(was);
    form.elements._version.value = reply.version;
  };

  const clash = ({path, theirs, pairs, stamp}) => {
    const unit = form.querySelector(`[data-unit="${CSS.escape(path)}"]`);
    if (!unit) return;
    unit.querySelector(':scope > .clash')?.remove();
    const box = document.createElement('div');
    box.className = 'clash';
    box.setAttribute('role', 'group');
    const text = document.createElement('p');
    text.append(`${form.dataset.elsewhere} `, Object.assign(document.createElement('strong'), {textContent: theirs}));
    const button = (label, act) => {
      const made = Object.assign(document.createElement('button'), {type: 'button', className: 'button button-outlined', textContent: label});
      made.addEventListener('click', () => { was[path] = stamp; form.elements._was.value = JSON.stringify(was); act(); box.remove(); queue(unit); });
      return made;
    };
    box.append(text, button(form.dataset.keep, () => {}));
    if (pairs) box.append(button(form.dataset.take, () => fill(unit, pairs)));
    unit.append(box);
  };

  const fill = (unit, pairs) => {
    for (const input of controls(unit)) {
      const values = pairs.filter(([name]) => name === input.name).map(([, value]) => value);
      if (['radio', 'checkbox'].includes(input.type)) input.checked = values.includes(input.value);
      else if (input.type !== 'hidden') input.value = values[0] ?? '';
    }
    unit.dispatchEvent(new Event('change', {bubbles: true}));
  };

  const save = async () => {
    if (busy || !waiting.size) return;
    const units = [...waiting];
    waiting = new Set();
    busy = true;
    say(form.dataset.saving);
    let again = false;
    try {
      const reply = await fetch(form.dataset.save, {
        method: 'POST', body: body(units), keepalive: document.hidden, headers: {'X-CSRFToken': token, Accept: 'application/json'},
      });
      if (!reply.ok && reply.status !== 409) throw new Error(reply.status);
      const told = await reply.json();
      remember(told);
      for (const one of told.conflicts ?? []) clash(one);
      say(told.conflicts?.length ? '' : waiting.size ? form.dataset.saving : form.dataset.said);
    } catch {
      again = true;
      for (const unit of units) waiting.add(unit);
      say(form.dataset.failed);
    }
    busy = false;
    if (waiting.size) later(again ? 15000 : WAIT);
  };

  const later = wait => { clearTimeout(timer); timer = setTimeout(save, wait); };
  const queue = unit => { waiting.add(unit); if (!busy) say(''); later(WAIT); };
  const heard = event => { const unit = event.target.name && !event.target.name.startsWith('_') && unitOf(event.target); if (unit) queue(unit); };

  form.addEventListener('input', heard);
  form.addEventListener('change', heard);
  form.addEventListener('submit', () => clearTimeout(timer));
  addEventListener('online', () => { if (waiting.size) later(0); });
  document.addEventListener('visibilitychange', () => { if (document.hidden) save(); });
}
