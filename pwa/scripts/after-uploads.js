// A button that goes on only when every file has arrived; it says so while it waits.
import {going} from './upload.js';

export default function (button) {
  button.addEventListener('click', async event => {
    if (!going.size) return;
    event.preventDefault();
    if (button.ariaBusy === 'true') return;
    const words = button.querySelector('span');
    const before = words.textContent;
    button.ariaBusy = 'true';
    words.textContent = button.dataset.busy;
    while (going.size) await Promise.allSettled([...going]);
    button.ariaBusy = null;
    words.textContent = before;
    button.form.requestSubmit(button);
  });
}
