// A key that presses a button or goes into a field: data-keys="Ctrl+Enter", "F9", "/". Bare letters are left to who is typing.
export default function (element) {
  const [key, ...held] = element.dataset.keys.split('+').reverse();
  const press = event => {
    if (!element.isConnected) return document.removeEventListener('keydown', press);
    const typing = key.length === 1 && event.target.closest?.('input:not([type="checkbox"], [type="radio"]), textarea, select');
    if (element.closest('[hidden]')) return;
    if (event.key !== key || typing || event.defaultPrevented || held.includes('Ctrl') !== (event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    element.closest('details:not([open])')?.setAttribute('open', '');
    if (element.matches('button, a')) element.click();
    else element.focus();
  };
  document.addEventListener('keydown', press);
}
