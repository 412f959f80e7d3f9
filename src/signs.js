() => {
  // Signs that a phone's keyboard lacks, below an answer while it is written.
  const signs = {
    '/': 'over', '²': 'squared', '³': 'cubed', '^': 'to the power of', '√': 'square root of', 'π': 'pi', '×': 'times',
    '÷': 'divided by', '°': 'degrees', '≤': 'less than or equal to', '≥': 'greater than or equal to', '→': 'arrow',
    '₂': 'subscript 2', '₃': 'subscript 3', '₄': 'subscript 4',
  };
  const bar = document.createElement('div');
  bar.className = 'signs';
  bar.setAttribute('role', 'toolbar');
  bar.setAttribute('aria-label', 'Signs to insert');
  let field;
  for (const [sign, name] of Object.entries(signs)) {
    const key = document.createElement('button');
    key.type = 'button';
    key.className = 'plain';
    key.textContent = sign;
    key.setAttribute('aria-label', name);
    // One stop for the tab key; the arrows go from sign to sign.
    key.tabIndex = bar.children.length ? -1 : 0;
    key.addEventListener('click', () => {
      field.focus();
      field.setRangeText(sign, field.selectionStart, field.selectionEnd, 'end');
      field.dispatchEvent(new Event('input', { bubbles: true }));
    });
    bar.append(key);
  }
  bar.addEventListener('keydown', ({ key, target }) => {
    if (key === 'ArrowRight') target.nextElementSibling?.focus();
    if (key === 'ArrowLeft') target.previousElementSibling?.focus();
  });
  // The field keeps the focus, and with it the phone its keyboard.
  bar.addEventListener('pointerdown', (event) => event.preventDefault());
  // It stays when a button gets the focus: without it, the button would move away from under the finger.
  addEventListener('focusin', ({ target }) => {
    if (target === field || !target.matches('[data-signs]')) return;
    field = target;
    field.after(bar);
  });

  // Words of a bank go into the first blank that is empty when they are tapped, or behind those that are in order.
  for (const word of document.querySelectorAll('[data-word]')) {
    const bank = word.parentElement;
    const key = document.createElement('button');
    key.type = 'button';
    key.className = 'plain';
    key.append(...word.childNodes);
    word.append(key);
    key.addEventListener('click', () => {
      const fields = [...bank.closest('.item').querySelectorAll('input[type=text]')];
      const { between } = bank.dataset;
      const blank = fields.find(({ value }) => between || !value);
      if (!blank) return;
      blank.value = between && blank.value ? blank.value + between + word.dataset.word : word.dataset.word;
      blank.dispatchEvent(new Event('input', { bubbles: true }));
    });
  }
}
