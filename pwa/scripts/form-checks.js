// Says at once, when a box is left, what the server would say of it: too few digits, or emptied though needed.
export default function (root) {
  const say = (input, text) => {
    const field = input.closest('.field');
    let line = field.querySelector(`[id="${input.id}-error"]`);
    field.classList.toggle('field--wrong', Boolean(text));
    const others = (input.getAttribute('aria-describedby') ?? '').split(' ').filter(id => id && id !== `${input.id}-error`);
    if (text) {
      if (!line) {
        line = document.createElement('p');
        line.className = 'field__error';
        line.id = `${input.id}-error`;
        input.before(line);
      }
      line.textContent = text;
      input.setAttribute('aria-invalid', 'true');
      others.push(line.id);
    } else {
      line?.remove();
      input.removeAttribute('aria-invalid');
    }
    others.length ? input.setAttribute('aria-describedby', others.join(' ')) : input.removeAttribute('aria-describedby');
  };
  root.addEventListener('change', ({target: input}) => {
    const {missing, digits, digitsSay} = input.dataset;
    if (!missing && !digits) return;
    const text = input.value.replace(/[\s.-]/g, '');
    if (!text) return say(input, missing ?? '');
    say(input, digits && /^\d+$/.test(text) && text.length !== Number(digits) ? digitsSay.replace('{n}', text.length) : '');
  });
}
