() => {
  // Signs that a phone's keyboard lacks, below an answer while it is written.
  const signs = {
    '/': 'over', '²': 'squared', '³': 'cubed', '^': 'to the power of', '√': 'square root of', 'π': 'pi', '×': 'times', '÷': 'divided by',
    '°': 'degrees', '≤': 'at most', '≥': 'at least', '→': 'arrow', '₂': 'small 2', '₃': 'small 3', '₄': 'small 4',
  };
  const bar = document.createElement('div');
  bar.className = 'signs';
  bar.role = 'group';
  bar.ariaLabel = 'Signs to insert';
  let field;
  for (const [sign, name] of Object.entries(signs)) {
    const key = document.createElement('button');
    key.type = 'button';
    key.className = 'plain';
    key.textContent = sign;
    key.ariaLabel = name;
    key.addEventListener('click', () => {
      field.focus();
      field.setRangeText(sign, field.selectionStart, field.selectionEnd, 'end');
      field.dispatchEvent(new Event('input', { bubbles: true }));
    });
    bar.append(key);
  }
  // The field keeps the focus, and with it the phone its keyboard.
  bar.addEventListener('pointerdown', (event) => event.preventDefault());
  // It stays when a button gets the focus: without it, the button would move away from under the finger.
  addEventListener('focusin', ({ target }) => {
    if (target === field || !target.matches('[data-signs]')) return;
    field = target;
    field.after(bar);
  });
}
