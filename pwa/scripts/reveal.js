// The eye in a password box shows what was typed, and hides it again before it is sent.
export default function (box) {
  const input = box.querySelector('input');
  const button = box.querySelector('button');
  const show = shown => {
    input.type = shown ? 'text' : 'password';
    button.setAttribute('aria-pressed', String(shown));
  };
  button.hidden = false;
  button.addEventListener('click', () => { show(input.type === 'password'); input.focus(); });
  input.form?.addEventListener('submit', () => show(false));
}
