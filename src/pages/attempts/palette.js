// The palette of an open exam: what is answered and flagged, one question at a time, notes. It works before the page wakes.
const form = document.querySelector('.exam form');
const articles = [...form.querySelectorAll('article.question')];
const links = [...form.querySelectorAll('.palette .strip a')];
const headings = [...form.querySelectorAll('h2.section')];
const [back, next] = form.querySelectorAll('[data-go]');
const notes = form.querySelector('.notes textarea');
const attempt = form.elements.attempt.value;

// What only this phone knows, of the last few exams: what its user likes to see, flags and notes.
const read = () => { try { return JSON.parse(localStorage.getItem('exam')) ?? {}; } catch { return {}; } };
const kept = { see: {}, ...read() };
const own = (kept[attempt] = { flags: [], notes: '', at: 0, ...kept[attempt] });
const keep = () => {
  const { see, [attempt]: before, ...others } = read();
  const all = { ...Object.fromEntries(Object.entries(others).slice(-4)), see: kept.see, [attempt]: own };
  try { localStorage.setItem('exam', JSON.stringify(all)); } catch { /* Without storage, nothing is remembered. */ }
};

const isChoice = ({ type }) => /^(radio|checkbox)$/.test(type);
const isFilled = (control) => (isChoice(control) ? control.checked : control.value.trim() !== '');
const count = () => {
  let answered = 0;
  articles.forEach((article, place) => {
    // Of choices one is enough; of lines and lists each counts.
    const places = new Map();
    for (const control of article.querySelectorAll('[name^="answers[q"]:not([type=hidden])')) {
      const key = isChoice(control) ? control.name : control;
      places.set(key, places.get(key) || isFilled(control));
    }
    const filled = [...places.values()].filter(Boolean).length;
    const state = filled === 0 ? 'not answered' : filled < places.size ? 'partly answered' : 'answered';
    answered += state === 'answered';
    const flagged = own.flags.includes(place);
    const link = links[place];
    link.className = { 'not answered': 'badge', 'partly answered': 'badge fair', answered: 'badge good' }[state];
    link.classList.toggle('flagged', flagged);
    link.title = state + (flagged ? ', flagged' : '');
    link.ariaLabel = `Question ${link.textContent}: ${link.title}`;
    article.querySelector('.flag').ariaPressed = flagged;
  });
  form.querySelector('[data-answered]').textContent = `${answered} of ${articles.length} answered`;
};

const go = (place) => {
  own.at = Math.min(Math.max(place, 0), articles.length - 1);
  const one = Boolean(kept.see.one);
  articles.forEach((article, other) => { article.hidden = one && other !== own.at; });
  const above = headings.findLast((heading) => heading.compareDocumentPosition(articles[own.at]) & Node.DOCUMENT_POSITION_FOLLOWING);
  for (const heading of headings) heading.hidden = one && heading !== above;
  back.hidden = next.hidden = !one;
  back.disabled = own.at === 0;
  next.disabled = own.at === articles.length - 1;
  links.forEach((link, other) => { link.ariaCurrent = one && other === own.at ? 'step' : null; });
  keep();
};

articles.forEach((article, place) => {
  article.querySelector('.flag').addEventListener('click', () => {
    own.flags = own.flags.includes(place) ? own.flags.filter((other) => other !== place) : [...own.flags, place];
    keep();
    count();
  });
});
for (const button of [back, next]) {
  button.addEventListener('click', () => {
    go(own.at + Number(button.dataset.go));
    const item = articles[own.at].querySelector('.item');
    item.tabIndex = -1;
    item.focus();
    item.scrollIntoView();
  });
}
// A link to a question or a part shows it first.
addEventListener('click', ({ target }) => {
  const link = target.closest?.('a[href^="#q-"]');
  const item = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!item) return;
  go(articles.indexOf(item.closest('article')));
  form.querySelector('.palette').open = false;
});
for (const choice of form.querySelectorAll('[data-see]')) {
  choice.checked = Boolean(kept.see[choice.dataset.see]);
  choice.addEventListener('change', () => {
    kept.see[choice.dataset.see] = choice.checked;
    go(own.at);
  });
}
// What is not ready stands above the button that hands in, which is scrolled to.
const panel = form.querySelector('.hand-in details');
panel.addEventListener('toggle', () => {
  if (!panel.open) return;
  const again = links.filter((link) => /partly|flagged/.test(link.title));
  const copy = (link) => Object.assign(document.createElement('a'), { href: link.hash, textContent: link.textContent, title: link.title });
  const words = again.length ? ['Look again, answered in part or flagged: ', ...again.flatMap((link) => [copy(link), ' '])] : [];
  panel.querySelector('[data-again]').replaceChildren(...words);
  panel.scrollIntoView({ block: 'end' });
});
notes.value = own.notes;
notes.addEventListener('input', () => {
  own.notes = notes.value;
  keep();
});
form.addEventListener('input', count);
// Answers that the page did not show yet.
form.addEventListener('change', count);
for (const part of form.querySelectorAll('[data-scripts]')) part.hidden = false;
count();
go(own.at);
