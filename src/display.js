() => {
  // How this device shows pages: larger text, wider spacing, and a button that reads a question aloud.
  const { classList } = document.documentElement;
  const speech = window.speechSynthesis;
  const read = () => { try { return JSON.parse(localStorage.getItem('display')) ?? {}; } catch { return {}; } };
  const kept = read();
  const words = (part) => {
    const copy = part.cloneNode(true);
    for (const field of copy.querySelectorAll('.blank')) field.replaceWith(' blank ');
    for (const image of copy.querySelectorAll('img')) image.replaceWith(` ${image.alt} `);
    return copy.textContent.trim();
  };
  // What it says is what is in sight: the question, then its options.
  const say = (item) => {
    const was = speech.speaking && say.item === item;
    speech.cancel();
    if (was) return;
    say.item = item;
    const parts = item.querySelectorAll(':scope > .stem .text, :scope > .choices .choice, :scope > .columns, :scope > .word-bank');
    const utterance = new SpeechSynthesisUtterance([...parts].map(words).join('. '));
    utterance.lang = item.closest('[lang]').lang;
    speech.speak(utterance);
  };
  const show = () => {
    classList.toggle('large', Boolean(kept.large));
    classList.toggle('spaced', Boolean(kept.spaced));
    for (const key of document.querySelectorAll('.aloud')) key.remove();
    if (!kept.aloud || !speech) return;
    for (const stem of document.querySelectorAll('.item > .stem')) {
      const key = document.createElement('button');
      key.type = 'button';
      key.className = 'plain aloud';
      key.innerHTML = '<svg viewBox="0 0 24 24" width="24" aria-hidden="true"><path d="M4 9v6h4l5 4V5L8 9Zm13-2a7 7 0 0 1 0 10"/></svg>';
      key.ariaLabel = `Read aloud: question ${stem.parentElement.id.slice(2)}`;
      key.addEventListener('click', () => say(stem.parentElement));
      stem.append(key);
    }
  };
  for (const choice of document.querySelectorAll('[data-display]')) {
    const { display } = choice.dataset;
    choice.checked = Boolean(kept[display]);
    choice.closest('label').hidden = display === 'aloud' && !speech;
    choice.addEventListener('change', () => {
      kept[display] = choice.checked;
      try { localStorage.setItem('display', JSON.stringify(kept)); } catch { /* Without storage, it is so on this page. */ }
      show();
    });
  }
  show();
}
