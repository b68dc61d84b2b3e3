// Sentences that a press writes into a field: each item of the list becomes a button for data-suggests="id".
export default function (list) {
  const field = document.getElementById(list.dataset.suggests);
  if (!field) return;
  for (const item of list.children) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = item.textContent;
    button.addEventListener('click', () => {
      const before = field.value.trim();
      if (!before.includes(button.textContent)) field.value = before ? `${before}\n${button.textContent}` : button.textContent;
      field.focus();
    });
    item.replaceChildren(button);
  }
}
