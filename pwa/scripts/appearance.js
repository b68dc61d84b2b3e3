// Text size and theme change at once; the post only remembers them. Another language needs the page again, so it goes its plain way.
const STEPS = ['100', '130', '145', '160'];

function show(name, value) {
  const html = document.documentElement;
  if (name === 'text') {
    value === '100' ? delete html.dataset.text : html.dataset.text = value;
    for (const button of document.querySelectorAll('button[name="text"]:not([data-fixed])')) {
      button.value = STEPS[(STEPS.indexOf(value) + 1) % STEPS.length];
    }
  } else {
    value === 'system' ? delete html.dataset.theme : html.dataset.theme = value;
  }
  for (const button of document.querySelectorAll(`button[name="${name}"][aria-pressed]`)) {
    button.setAttribute('aria-pressed', String(button.value === value));
  }
}

export default function (form) {
  form.addEventListener('submit', event => {
    const button = event.submitter;
    if (!button || button.name === 'language') return;
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form));
    body.set(button.name, button.value);
    show(button.name, button.value);
    fetch(form.action, {method: 'POST', body, redirect: 'manual', keepalive: true});
  });
}
