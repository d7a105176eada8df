// Points every frame of the index at its page, as device, scheme and direction are chosen.
const form = document.querySelector('form');

function show() {
  const { device, scheme, dir } = Object.fromEntries(new FormData(form));
  document.body.dataset.device = device;
  for (const frame of document.querySelectorAll('iframe')) {
    frame.src = `${frame.dataset.page}?${new URLSearchParams({ scheme, dir })}`;
  }
}

form.addEventListener('change', show);
show();
