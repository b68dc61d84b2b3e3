// A form that is on its way says so on the pressed button, which keeps its width; pressing twice sends once.
export default function (form) {
  let pressed = null;
  const rest = () => {
    if (!pressed) return;
    pressed.button.removeAttribute('aria-busy');
    pressed.words.textContent = pressed.text;
    pressed.button.style.minWidth = '';
    pressed = null;
  };
  form.addEventListener('submit', event => {
    if (pressed) return event.preventDefault();
    const button = event.submitter ?? form.querySelector('button[type="submit"]');
    const words = button?.querySelector('span');
    if (!words) return;
    pressed = {button, words, text: words.textContent};
    button.style.minWidth = `${button.offsetWidth}px`;
    button.setAttribute('aria-busy', 'true');
    words.textContent = button.dataset.busy;
  });
  for (const name of ['htmx:after:request', 'htmx:error']) form.addEventListener(name, rest);
  addEventListener('pageshow', rest);
}
