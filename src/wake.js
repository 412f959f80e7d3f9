async (pages, review) => {
  // A form that leads back to its page leaves people where they were, or brings them to what was wrong in it.
  const stood = sessionStorage.getItem('stood')?.split(' ');
  sessionStorage.removeItem('stood');
  addEventListener('submit', (event) => {
    if (!event.defaultPrevented) sessionStorage.setItem('stood', `${location.pathname} ${scrollY}`);
  });
  const wrong = document.querySelector('main :is(.form-error, .field-error)[role]:not(:empty)');
  if (wrong) {
    const field = wrong.closest('.field')?.querySelector('input, select, textarea');
    (field ?? wrong).scrollIntoView({ block: 'center' });
    field?.focus();
  } else if (stood?.[0] === location.pathname && !location.hash) {
    scrollTo(0, stood[1]);
  }
  // Who comes from another page of the site starts at the title of this one, not at the links above it once more.
  const came = performance.getEntriesByType('navigation')[0]?.type === 'navigate' && document.referrer.startsWith(`${location.origin}/`);
  const title = document.querySelector('main h1');
  if (came && title && !location.hash && document.activeElement === document.body) {
    title.tabIndex = -1;
    title.focus({ preventScroll: true });
  }

  // An island inside another finds the context of the outer one by what that has left at its children.
  const wake = (bundle, node, enter) => {
    if (node.localName === 'leptos-island') {
      enter?.();
      bundle[node.dataset.component](node);
    } else if (node.localName === 'leptos-children') {
      enter = node.$$on_hydrate;
    }
    for (const child of node.children) wake(bundle, child, enter);
  };
  if (document.querySelector('leptos-island')) {
    const [js, wasm] = document.querySelector('[data-component^=ReviewDesk]') ? review : pages;
    // Where the network is away, it is tried again; a browser may remember that an address failed.
    const load = async (attempt) => {
      try {
        const [bundle, answer] = await Promise.all([import(attempt ? `${js}?${attempt}` : js), fetch(wasm)]);
        await bundle.default({ module_or_path: answer });
        return bundle;
      } catch {
        await new Promise((resume) => setTimeout(resume, 3000));
        return load(attempt + 1);
      }
    };
    const bundle = await load(0);
    bundle.hydrate();
    wake(bundle, document.body);
  }
  document.documentElement.setAttribute('data-hydrated', '');
}
