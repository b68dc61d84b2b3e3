// Several rows of a list ticked: says how many, offers only what all of them allow, ticks all. Without it every act stands there.
export default function (form) {
  const bar = form.querySelector('.bulk');
  if (!bar) return;
  const all = form.querySelector('[data-all]');
  const count = bar.querySelector('[role="status"]');
  const idle = count.textContent;
  const boxes = () => [...form.querySelectorAll('tbody input[type="checkbox"]')];

  const show = () => {
    const chosen = boxes().filter(box => box.checked);
    const allowed = chosen.map(box => JSON.parse(box.closest('[data-acts]').dataset.acts));
    let some = false;
    for (const act of bar.querySelectorAll('[data-act]')) {
      act.hidden = !allowed.every(acts => acts.includes(act.dataset.act));
      some ||= !act.hidden;
    }
    bar.hidden = !chosen.length;
    count.textContent = !chosen.length ? idle : `${count.dataset.chosen.replace('{count}', chosen.length)}${some ? '' : `. ${count.dataset.none}`}`;
    const box = all.querySelector('input');
    box.checked = chosen.length > 0 && chosen.length === boxes().length;
    box.indeterminate = chosen.length > 0 && !box.checked;
  };

  all.hidden = false;
  form.addEventListener('change', event => {
    if (all.contains(event.target)) for (const box of boxes()) box.checked = event.target.checked;
    show();
  });
  form.addEventListener('reset', () => setTimeout(show));
  addEventListener('pageshow', show);
  show();
}
