// "Use where I am now": the device is asked when the button is pressed, never before, and what it says stays in the box.
export default function (root) {
  const button = root.querySelector('button');
  const said = root.querySelector('[role="status"]');
  const box = document.getElementById(root.dataset.box);
  if (!navigator.geolocation || !box) return;
  button.hidden = false;
  button.addEventListener('click', () => {
    button.setAttribute('aria-busy', 'true');
    said.textContent = root.dataset.looking;
    const done = text => { button.removeAttribute('aria-busy'); said.textContent = text; };
    navigator.geolocation.getCurrentPosition(({coords}) => {
      box.value = `${coords.latitude.toFixed(5)}, ${coords.longitude.toFixed(5)}`;
      box.dispatchEvent(new Event('change', {bubbles: true}));
      done(root.dataset.found);
    }, () => done(root.dataset.failed), {enableHighAccuracy: true, timeout: 20000, maximumAge: 60000});
  });
}
