// A link that opens a dialog of the page; without it the link's own address asks the same. A press beside the dialog closes it.
export default function (link) {
  const dialog = document.getElementById(link.dataset.opens);
  if (!dialog) return;
  link.addEventListener('click', event => {
    if (event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    dialog.showModal();
  });
  dialog.addEventListener('click', event => { if (event.target === dialog) dialog.close(); });
}
