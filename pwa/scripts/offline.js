// The dark strip appears while the line is down and goes when it is back.
export default function (strip) {
  const look = () => { strip.hidden = navigator.onLine; };
  addEventListener('online', look);
  addEventListener('offline', look);
  look();
}
