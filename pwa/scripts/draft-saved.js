// Says in the top bar what the form says of the draft: saving, saved, not saved.
export default function (line) {
  document.addEventListener('draft:said', ({detail}) => {
    line.hidden = !detail;
    line.querySelector('span').textContent = detail;
  });
}
