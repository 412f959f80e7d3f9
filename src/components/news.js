(readings, exams, badges) => {
  // A page that keeps itself up to date: readings in progress, asked about each second, or exams in progress, told by the server.
  const isChanged = (field) =>
    /^(radio|checkbox)$/.test(field.type) ? field.checked !== field.defaultChecked
    : field.options ? field.value !== ([...field.options].find((option) => option.defaultSelected) ?? field.options[0])?.value
    : field.type !== 'hidden' && field.value !== field.defaultValue;
  // What is being written on the page is not lost to news.
  const isWritten = (form) => [...document.querySelectorAll(`${form} :is(input, select, textarea)`)].some(isChanged);

  if (readings) {
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    const ask = async () => {
      const places = new Map([...document.querySelectorAll('[data-reading]')].map((place) => [place.dataset.reading, place]));
      try {
        const body = JSON.stringify({ ids: [...places.keys()] });
        const answer = await fetch(readings, { method: 'POST', headers, body });
        for (const [id, words] of answer.ok ? await answer.json() : []) {
          // Without words it has ended.
          if (words !== null) places.get(id).textContent = words;
          else if (!isWritten('')) location.reload();
        }
      } catch { /* The next question may be answered. */ }
      setTimeout(ask, 1000);
    };
    setTimeout(ask, 1000);
  }

  // Brings the rows into the order of these keys, unless somebody is using them. Those of other keys go; for a row that is not
  // there the page is loaded again.
  const sort = (keys) => {
    const body = document.getElementById('exam-rows');
    for (const row of [...body.children]) if (!keys.includes(row.id)) row.remove();
    const isUsed = body.matches(':focus-within');
    for (const key of keys) {
      const row = document.getElementById(key);
      if (row && !isUsed) body.append(row);
      else if (!row && !isUsed && !isWritten('form:focus-within')) location.reload();
    }
  };
  // A line of news is words between tabs: `domain::invigilation::Told::news` writes them.
  const show = ([what, ...words]) => {
    if (what === 'at') [document.getElementById('as-of').textContent] = words;
    if (what === 'order') sort(words);
    const row = what === 'row' && document.getElementById(words[0]);
    if (!row) return;
    const [, look, far, left] = words;
    row.querySelector('.badge').className = badges[look];
    row.querySelector('.badge').textContent = look;
    row.querySelector('.far').textContent = far;
    row.querySelector('.left').textContent = left;
  };
  if (exams) {
    new EventSource(exams).onmessage = ({ data }) => {
      for (const line of data.split('\n')) show(line.split('\t'));
    };
  }
}
