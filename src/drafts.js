() => {
  // What was typed into a plain form is kept, in this tab and for the same user, until it was sent and accepted: another
  // form of the page, a refusal or an expired session lose nothing. Islands keep their own fields.
  const viewer = document.querySelector('nav[data-viewer]')?.dataset.viewer;
  const kept = JSON.parse(sessionStorage.getItem('drafts') ?? 'null') ?? {};
  const save = () => sessionStorage.setItem('drafts', JSON.stringify(kept));
  const path = location.pathname;
  const forms = () => [...document.querySelectorAll('main form[method=post]')].filter((form) => !form.closest('leptos-island'));
  // Forms with the same address differ in what they hide.
  const nameOf = (form) =>
    [form.getAttribute('action'), ...[...form.querySelectorAll('[type=hidden]')].map((field) => field.value)].join(' ');
  const fieldsOf = (form) =>
    [...form.elements].filter((field) => field.name && !/^(hidden|password|file|submit|button)$/.test(field.type));
  const isChoice = (field) => /^(checkbox|radio)$/.test(field.type);
  const valueOf = (field) => (isChoice(field) ? field.checked : field.value);
  const isChanged = (field) =>
    isChoice(field) ? field.checked !== field.defaultChecked
    : field.options ? field.value !== ([...field.options].find((option) => option.defaultSelected) ?? field.options[0])?.value
    : field.value !== field.defaultValue;

  const draft = kept[path];
  if (!viewer) {
    // What was sent was refused, for the session has expired.
    if (draft) draft.sent = null;
    save();
  } else {
    if (kept.viewer !== viewer) {
      for (const key in kept) delete kept[key];
      kept.viewer = viewer;
    } else if (draft) {
      const refused = document.querySelector('main :is(.form-error, .field-error)[role]:not(:empty)');
      for (const form of forms()) {
        const name = nameOf(form);
        if (name === draft.sent && !refused) continue;
        const values = draft.forms[name];
        if (values) fieldsOf(form).forEach((field, at) => {
          if (values[at] == null || isChanged(field)) return;
          if (isChoice(field)) field.checked = values[at]; else field.value = values[at];
          const around = field.closest('details');
          if (around) around.open = true;
        });
      }
      delete draft.sent;
    }
    addEventListener('submit', ({ target, defaultPrevented }) => {
      if (!defaultPrevented) (kept[path] ??= { forms: {} }).sent = nameOf(target);
    });
    addEventListener('pagehide', () => {
      const changed = forms().map((form) => [nameOf(form), fieldsOf(form).map((field) => (isChanged(field) ? valueOf(field) : null))])
        .filter(([, values]) => values.some((value) => value !== null));
      if (changed.length) kept[path] = { sent: kept[path]?.sent, forms: Object.fromEntries(changed) };
      else if (forms().length) delete kept[path];
      save();
    });
  }
}
