(typeset) => {
  // Signs that a phone's keyboard lacks, below an answer while it is written, and how the answer is read.
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
  // How what is typed in one line is read, told by the school's server where it can be reached: `3/4 cm` with a fraction bar.
  const preview = document.createElement('output');
  let pause;
  const show = async () => {
    const { value } = field;
    let math = null;
    try {
      // A longer text is no formula.
      if (value.length <= 100 && /[\/^*√]|root/i.test(value)) {
        const told = await fetch(`${typeset}?${new URLSearchParams({ answer: value })}`);
        if (told.ok) math = await told.json();
      }
    } catch { /* Without a network, nothing is told. */ }
    if (value === field.value) preview.innerHTML = typeof math === 'string' ? `We read: ${math}` : '';
  };
  addEventListener('input', ({ target }) => {
    if (target !== field) return;
    clearTimeout(pause);
    pause = setTimeout(show, 400);
  });
  // It stays when a button gets the focus: without it, the button would move away from under the finger.
  addEventListener('focusin', ({ target }) => {
    if (target === field || !target.matches('[data-signs]')) return;
    field = target;
    // A field within a sentence has them below it.
    (field.closest('.stem') ?? field).after(bar, preview);
    show();
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
