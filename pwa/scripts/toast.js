// A toast waits six seconds for "undo", longer while the pointer or the focus is on it.
export default function (toast) {
  let timer;
  const wait = () => { timer = setTimeout(() => toast.remove(), 6000); };
  const hold = () => clearTimeout(timer);
  toast.addEventListener('pointerenter', hold);
  toast.addEventListener('focusin', hold);
  toast.addEventListener('pointerleave', wait);
  toast.addEventListener('focusout', wait);
  wait();
}
