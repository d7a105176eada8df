// The elements that assistive technology tells of, in reading order, in the document or the part of it that a selector
// names, through open shadow roots: [element, depth, states]. What is inert or hidden from it is left out.
const [part] = arguments;

const TOLD = [
  'a[href]', 'button', 'dialog', 'h1', 'h2', 'h3', 'h4', 'img', 'input', 'li', 'ol', 'p', 'progress', 'section',
  'select', 'strong', 'summary', 'textarea', 'ul', '[role]',
].join(', ');

const open = document.querySelector('dialog:modal') ?? [...document.querySelectorAll('*')]
  .map((element) => element.shadowRoot?.querySelector('dialog:modal')).find(Boolean);

const states = (element) => {
  const told = [];
  const is = (name, value) => { if (value && value !== 'false') told.push(value === 'true' || value === true ? name : `${name}=${value}`); };
  is('level', /^H[1-6]$/.test(element.tagName) && element.tagName[1]);
  is('checked', element.checked);
  is('required', element.required || element.getAttribute('aria-required'));
  for (const name of ['busy', 'current', 'disabled', 'expanded', 'invalid', 'live', 'pressed', 'selected']) is(name, element.getAttribute(`aria-${name}`));
  const ids = element.getAttribute('aria-describedby')?.split(/\s+/) ?? [];
  const described = ids.map((id) => element.getRootNode().getElementById(id)?.innerText.trim()).filter(Boolean);
  is('described', described.length > 0 && JSON.stringify(described.join(' ')));
  return told.join(' ');
};

const found = [];
const walk = (node, depth) => {
  if (node.nodeType !== Node.ELEMENT_NODE) return;
  if (node.getAttribute('aria-hidden') === 'true' || node.inert) return;
  if (!node.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: false })) return;
  const told = node.matches(TOLD) && !node.matches('[role=none], [role=presentation]');
  if (told) found.push([node, depth, states(node), node.innerText?.replace(/\s+/g, ' ').trim() ?? '']);
  const inside = node.assignedNodes?.().length ? node.assignedNodes() : (node.shadowRoot ?? node).childNodes;
  for (const child of inside) walk(child, told ? depth + 1 : depth);
};
const start = part ? document.querySelector(part) : open ?? document.body;
walk(start, 0);
return found;
