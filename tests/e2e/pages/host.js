// The host page's own script: starts the widgets its configuration asks for and remembers what they say.
const config = JSON.parse(document.getElementById('config').textContent);
window.seen = [];
window.handles = [];
window.failures = [];

window.startWidget = async ({ widget, business, container, options }) => {
  try {
    const handle = await Railhead.init(widget, business, {
      ...options,
      ...(container ? { container } : {}),
      onEvent: ({ type, detail }) => {
        window.seen.push({ widget, container, name: type, detail: structuredClone(detail) });
        sessionStorage.setItem('seen', JSON.stringify(window.seen));
      },
    });
    window.handles.push(handle);
  } catch (error) {
    window.failures.push({ name: error.name, code: error.code, message: String(error.message ?? error) });
  }
};

const startAll = () => Promise.all(config.widgets.map(window.startWidget));
document.getElementById('start').addEventListener('click', startAll);
if (config.startsByItself) startAll();
