const open = document.querySelector('[data-calculator]');
const dialog = document.querySelector('.calculator');
const field = dialog.querySelector('input');
const result = dialog.querySelector('output');

// A small grammar, so that nothing that is written is ever run: sums of products of factors.
const calculate = (text) => {
  const signs = { '*': '×', '/': '÷', '-': '−', ',': '.' };
  const tokens = text.replace(/[*/,-]/g, (sign) => signs[sign]).match(/\d+\.?\d*|\.\d+|\S/g) ?? [];
  let at = 0;
  const take = (signs) => signs.includes(tokens[at]) && tokens[at++];
  const sum = () => {
    let value = product();
    for (let sign; (sign = take('+−'));) value += sign === '+' ? product() : -product();
    return value;
  };
  const product = () => {
    let value = factor();
    for (;;) {
      if (take('×') || '(π√'.includes(tokens[at])) value *= factor();
      else if (take('÷')) value /= factor();
      else return value;
    }
  };
  const factor = () => {
    if (take('−')) return -factor();
    let value;
    if (take('√')) value = Math.sqrt(factor());
    else if (take('π')) value = Math.PI;
    else if (take('(')) {
      value = sum();
      // The last brackets may be left open.
      if (!take(')') && at < tokens.length) value = NaN;
    } else value = Number(tokens[at++]);
    for (let sign; (sign = take('²%'));) value = sign === '²' ? value * value : value / 100;
    return value;
  };
  const value = sum();
  return at < tokens.length ? NaN : value;
};

// Whole numbers as they are, others to ten figures.
const written = (value) => {
  if (Number.isSafeInteger(value)) return String(value);
  const rounded = +value.toPrecision(10);
  return (Math.abs(rounded) < 1e-6 ? rounded.toFixed(15).replace(/0+$/, '') : String(rounded));
};
const show = () => {
  const value = calculate(field.value);
  result.value = Number.isNaN(value) ? 'Check what you wrote.'
    : Number.isFinite(value) ? `= ${written(value).replace('-', '−')}` : 'You cannot divide by 0.';
};
const close = () => {
  dialog.close();
  open.focus();
};
const press = (key) => {
  if (key === '=') show();
  else if (key === 'C') result.value = field.value = '';
  else if (key === '⌫') {
    const end = field.selectionEnd;
    field.setRangeText('', Math.min(field.selectionStart, Math.max(end - 1, 0)), end, 'end');
  } else field.setRangeText(key, field.selectionStart, field.selectionEnd, 'end');
};

open.hidden = false;
open.addEventListener('click', () => {
  if (dialog.open) return close();
  dialog.show();
  field.focus();
});
dialog.addEventListener('click', ({ target }) => {
  const key = target.closest('button');
  if (!key) return;
  if (key.value) press(key.value);
  else close();
});
// Nothing of it is an answer, and Enter does not send the exam.
dialog.addEventListener('input', (event) => event.stopPropagation());
dialog.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') close();
  if (event.target !== field || (event.key !== 'Enter' && event.key !== '=')) return;
  event.preventDefault();
  show();
});
