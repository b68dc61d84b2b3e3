// A picture that a press makes large, around the point that was pressed; without scripts its link opens it alone.
export default function (link) {
  link.addEventListener('click', event => {
    if (event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const box = link.getBoundingClientRect();
    const across = (event.clientX - box.left + link.scrollLeft) / link.scrollWidth;
    const down = (event.clientY - box.top + link.scrollTop) / link.scrollHeight;
    const large = link.toggleAttribute('data-zoomed');
    if (!large || !event.clientX) return;
    link.scrollTo(across * link.scrollWidth - box.width / 2, down * link.scrollHeight - box.height / 2);
  });
}
