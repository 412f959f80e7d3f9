// The palette of an open exam: what is answered and flagged, one question at a time, notes. It works before the page wakes.
const form = document.querySelector('.exam form');
const articles = [...form.querySelectorAll('article.question')];
const links = [...form.querySelectorAll('.palette .strip a')];
const headings = [...form.querySelectorAll('h2.section')];
const [back, next] = form.querySelectorAll('[data-go]');
const notes = form.querySelector('[data-notes]');
const attempt = form.elements.attempt.value;

// What only this phone knows: what its user likes to see, and flags and notes of this exam.
const read = () => { try { return JSON.parse(localStorage.getItem('exam')) ?? {}; } catch { return {}; } };
const kept = { see: {}, ...read() };
const own = (kept[attempt] = { flags: [], notes: '', at: 0, ...kept[attempt] });
const keep = () => { try { localStorage.setItem('exam', JSON.stringify({ ...read(), see: kept.see, [attempt]: own })); } catch { /* Without storage, nothing is remembered. */ } };

const isFilled = (control) => (/^(radio|checkbox)$/.test(control.type) ? control.checked : control.type !== 'hidden' && control.value.trim() !== '');
const count = () => {
  let answered = 0;
  articles.forEach((article, place) => {
    const items = new Map();
    for (const control of article.querySelectorAll('[name^="answers[q"]')) {
      items.set(control.name, items.get(control.name) || isFilled(control));
    }
    const filled = [...items.values()].filter(Boolean).length;
    const state = filled === 0 ? 'not answered' : filled < items.size ? 'partly answered' : 'answered';
    answered += state === 'answered';
    const flagged = own.flags.includes(place);
    const link = links[place];
    link.className = { 'not answered': 'badge', 'partly answered': 'badge fair', answered: 'badge good' }[state];
    link.classList.toggle('flagged', flagged);
    link.ariaLabel = `Question ${link.textContent}: ${state}${flagged ? ', flagged' : ''}`;
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
