() => {
  // What is typed into a plain form is kept, in this tab and for the same user, until it was sent and accepted: another form,
  // a refusal or an expired session lose nothing. Islands keep their own fields.
  const viewer = document.querySelector('nav[data-viewer]')?.dataset.viewer;
  const read = () => JSON.parse(sessionStorage.getItem('drafts') ?? 'null') ?? {};
  const write = (kept) => sessionStorage.setItem('drafts', JSON.stringify(kept));
  const forms = () => [...document.querySelectorAll('main form[method=post]')].filter((form) => !form.closest('leptos-island'));
  // Forms with the same address differ in what they hide.
  const nameOf = (form) =>
    [location.pathname, form.getAttribute('action'), ...[...form.querySelectorAll('[type=hidden]')].map(({ value }) => value)].join(' ');
  const isChoice = ({ type }) => /^(checkbox|radio)$/.test(type);
  const valueOf = (field) => (isChoice(field) ? field.checked : field.value);
  const defaultOf = (field) =>
    isChoice(field) ? field.defaultChecked
    : field.options ? ([...field.options].find((option) => option.defaultSelected) ?? field.options[0])?.value
    : field.defaultValue;
  // Fields by their name and, where several have it, what they stand for or their number.
  const fieldsOf = (form) => {
    const fields = new Map();
    for (const field of form.elements) {
      if (!field.name || /^(hidden|password|file|submit|button)$/.test(field.type)) continue;
      const name = isChoice(field) ? `${field.name}=${field.value}` : field.name;
      let number = 1;
      while (fields.has(`${name} ${number}`)) number += 1;
      fields.set(`${name} ${number}`, field);
    }
    return fields;
  };

  const kept = read();
  if (!viewer) {
    // What was sent was not accepted, for the session has expired.
    if (kept.sent) write({ ...kept, sent: null });
    return;
  }
  const drafts = kept.viewer === viewer ? kept.forms : {};
  // Notes of exams, and how their page is shown, are no business of the next user of a shared phone either.
  if (localStorage.getItem('viewer') !== viewer) localStorage.removeItem('exam');
  localStorage.setItem('viewer', viewer);
  const refused = kept.sent && document.querySelector('main :is(.form-error, .field-error)[role]:not(:empty)') && kept.sent;
  if (kept.sent && !refused) delete drafts[kept.sent];
  write({ viewer, forms: drafts });
  for (const form of forms()) {
    const draft = drafts[nameOf(form)];
    if (!draft) continue;
    for (const [name, field] of fieldsOf(form)) {
      // Where the page has another value than when it was typed, somebody has changed it since, and that stands.
      if (draft[name]?.was !== defaultOf(field) || valueOf(field) !== defaultOf(field)) continue;
      if (isChoice(field)) field.checked = draft[name].now;
      else field.value = draft[name].now;
      const around = field.closest('details');
      if (around) around.open = true;
    }
  }
  addEventListener('submit', ({ target, defaultPrevented }) => {
    if (defaultPrevented) return;
    // On a shared device, nothing stays after signing out.
    if (target.getAttribute('action')?.endsWith('/logout')) {
      sessionStorage.removeItem('drafts');
      localStorage.removeItem('exam');
    } else write({ ...read(), sent: nameOf(target) });
  });
  addEventListener('pagehide', () => {
    const now = read();
    if (now.viewer !== viewer) return;
    for (const form of forms()) {
      const name = nameOf(form);
      // The page fills in what it refused, so that it looks unchanged.
      const before = name === refused ? now.forms[name] : undefined;
      const draft = { ...before };
      for (const [name, field] of fieldsOf(form)) {
        if (valueOf(field) !== defaultOf(field)) draft[name] = { was: before?.[name]?.was ?? defaultOf(field), now: valueOf(field) };
      }
      if (Object.keys(draft).length) now.forms[name] = draft;
      else delete now.forms[name];
    }
    write(now);
  });
}
