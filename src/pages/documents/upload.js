(each, together) => {
  // The upload form: the order of the files, and how far they are sent. Without scripts the browser sends the same form.
  const form = document.querySelector('form[data-sends]');
  const [list, wrong, sending] = form.querySelectorAll('.chosen, [role=alert][hidden], .sending');
  const [bar, told] = sending.children;
  const button = form.querySelector('button:not([type])');
  // In the order in which they are sent; empty if none were chosen since the page came.
  let files = [];
  const megabytes = (bytes) => {
    const all = Math.ceil((bytes / 2 ** 20) * 10) / 10;
    return all < 10 ? all : Math.round(all);
  };
  const say = (words) => {
    wrong.textContent = words;
    wrong.hidden = !words;
  };
  const tooLarge = () => {
    const large = files.find(({ size }) => size > each);
    if (large) return `“${large.name}” is larger than ${megabytes(each)} MB. Split it or make it smaller, then choose again.`;
    const all = files.reduce((sum, { size }) => sum + size, 0);
    return all > together ? `Together, they are larger than ${megabytes(together)} MB. Upload some of them first.` : '';
  };
  const show = () => {
    list.hidden = files.length < 2;
    list.replaceChildren(...files.map((file, at) => {
      const line = document.createElement('li');
      line.append(`${file.name} (${megabytes(file.size)} MB) `);
      const up = document.createElement('button');
      up.type = 'button';
      up.className = 'plain';
      up.textContent = 'Up';
      up.ariaLabel = `Move ${file.name} up`;
      up.addEventListener('click', () => {
        files.splice(at - 1, 2, file, files[at - 1]);
        show();
        list.children[at - 1].querySelector('button')?.focus();
      });
      if (at) line.append(up);
      return line;
    }));
  };
  form.elements.file.addEventListener('change', ({ target }) => {
    files = [...target.files];
    show();
    say(tooLarge());
  });

  const progress = ({ loaded = 0, total = 0 }) => {
    bar.max = total || 1;
    bar.value = loaded;
    told.textContent = loaded < total || !total ? `${megabytes(loaded)} of ${megabytes(total)} MB sent` : 'All sent. One moment …';
  };
  const busy = (is) => {
    sending.hidden = !is;
    button.disabled = is;
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    say(tooLarge());
    if (!wrong.hidden) return;
    const data = new FormData(form);
    if (files.length) data.delete('file');
    for (const file of files) data.append('file', file, file.name);
    const request = new XMLHttpRequest();
    request.open('POST', form.action);
    request.upload.onprogress = progress;
    request.onloadend = () => {
      if (request.status >= 200 && request.status < 400) {
        // What was accepted is no draft.
        if (new URL(request.responseURL).pathname !== location.pathname) form.reset();
        location.href = request.responseURL;
        return;
      }
      busy(false);
      say('The upload stopped. Check the network and press Upload again. What has already arrived is not saved twice.');
    };
    progress({});
    busy(true);
    request.send(data);
  });
}
