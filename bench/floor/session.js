// What both hand-written pickers ask the broker, and what counts as found: the same calls and rules as the widget's.

const { api, widget } = document.currentScript?.dataset ?? {};

/** The session answer; a simple request, so one round trip. */
export const session = fetch(`${api}/v1/connect/sessions`, {
  method: 'POST',
  body: JSON.stringify({ widgetId: widget, businessName: 'Harbor Coffee' }),
  credentials: 'omit',
}).then((answer) => {
  if (!answer.ok) throw new Error(`the session answered ${answer.status}`);
  return answer.json();
});

/** The address of a service's mark. */
export const mark = (service) => service.icon && new URL(service.icon, api).href;

/** What is searched in a service, in lower case. */
export const needle = ({ displayName, aliases = [] }) => [displayName, ...aliases].join('\n').toLowerCase();

/** Is what was typed found in it? */
export const isFound = (haystack, typed) =>
  typed
    .toLowerCase()
    .trim()
    .split(/\s+/)
    .every((word) => haystack.includes(word));
