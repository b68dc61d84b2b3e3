// Colleagues see who has a dossier open: the page holds a stream for as long as it is looked at, and the server notices its end.
export default function (element) {
  let source = null;
  const leave = () => { source?.close(); source = null; };
  const check = () => {
    if (document.hidden) return leave();
    if (source) return;
    source = new EventSource(element.dataset.presence);
    source.addEventListener('bye', leave);
  };
  document.addEventListener('visibilitychange', check);
  addEventListener('pageshow', check);
  addEventListener('pagehide', leave);
  check();
}
