(textOf) => {
  // The pages of a document: their size, and their text, which loads once, after the picture.
  const sheets = document.querySelector('.sheets');
  const bar = document.querySelector('.zoom');
  const [smaller, larger] = bar.querySelectorAll('button');
  const steps = [100, 150, 200, 300];
  let step = 0;
  const to = (next) => {
    // What is in the middle of the window stays in its place.
    const before = sheets.getBoundingClientRect();
    const half = before.width / 2;
    const left = sheets.scrollLeft + half;
    const part = Math.min(Math.max((innerHeight / 2 - before.top) / Math.max(before.height, 1), 0), 1);
    const grows = steps[next] / steps[step];
    step = next;
    const percent = steps[step];
    sheets.className = `sheets at-${percent}`;
    for (const picture of sheets.querySelectorAll('img')) picture.sizes = `(max-width: 800px) ${percent}vw, ${8 * percent}px`;
    bar.querySelector('output').textContent = `${percent} %`;
    smaller.disabled = step === 0;
    larger.disabled = step + 1 === steps.length;
    requestAnimationFrame(() => {
      const after = sheets.getBoundingClientRect();
      scrollBy(0, part * (after.height - before.height) + after.top - before.top);
      sheets.scrollLeft = left * grows - half;
    });
  };
  smaller.addEventListener('click', () => to(step - 1));
  larger.addEventListener('click', () => to(step + 1));

  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  for (const text of document.querySelectorAll('.page-text')) {
    const load = async () => {
      const body = JSON.stringify({ id: text.dataset.document, page: Number(text.dataset.page) });
      try {
        const answer = await fetch(textOf, { method: 'POST', headers, body });
        if (answer.ok) text.innerHTML = await answer.json();
      } catch { /* The picture remains. */ }
    };
    const picture = text.closest('figure').querySelector('img');
    // The picture loads when the reader gets near; a change of the size loads it, but not the text, again.
    if (picture.complete && picture.naturalWidth) load();
    else picture.addEventListener('load', load, { once: true });
  }
}
