// Points every frame of the index at its page, as device, scheme and direction are chosen.
const form = document.querySelector('form');

for (const [name, value] of new URLSearchParams(location.search)) {
  if (form.elements[name]) form.elements[name].value = value;
}

function show() {
  const { device, scheme, dir } = Object.fromEntries(new FormData(form));
  document.body.dataset.device = device;
  for (const frame of document.querySelectorAll('iframe')) {
    frame.onload = () => (frame.dataset.shown = 'yes');
    frame.src = `${frame.dataset.page}?${new URLSearchParams({ scheme, dir })}`;
  }
}

form.addEventListener('change', show);
show();
