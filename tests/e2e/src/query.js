// Finds visible elements by role and accessible name in the document (or in one part of it, named by a selector) and in
// every open shadow root below it.
const [role, wanted, how, part] = arguments;

const IMPLICIT = {
  alert: '',
  button: 'button, summary, input[type=submit], input[type=button]',
  checkbox: 'input[type=checkbox]',
  combobox: 'select:not([multiple]):not([size])',
  dialog: 'dialog',
  heading: 'h1, h2, h3, h4, h5, h6',
  img: 'img',
  link: 'a[href]',
  progressbar: 'progress',
  radio: 'input[type=radio]',
  region: 'section[aria-label], section[aria-labelledby]',
  searchbox: 'input[type=search]',
  status: 'output',
  textbox: 'input:not([type]), input[type=text], input[type=email], input[type=url], input[type=password], textarea',
};

const squeeze = (text) => text.replace(/\s+/g, ' ').trim();

const roots = [];
const collect = (root) => {
  roots.push(root);
  for (const element of root.querySelectorAll('*')) if (element.shadowRoot) collect(element.shadowRoot);
};
collect(part ? document.querySelector(part) : document);

const outer = (element) => element.assignedSlot ?? element.parentElement ?? element.getRootNode().host;
const shown = (element) => {
  if (!element.checkVisibility({ visibilityProperty: true })) return false;
  for (let at = element; at; at = outer(at)) if (at.inert || at.getAttribute('aria-hidden') === 'true') return false;
  return true;
};

const textOf = (node) => {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  if (node.nodeType !== Node.ELEMENT_NODE) return '';
  if (node.getAttribute('aria-hidden') === 'true' || node.hidden) return '';
  if (['STYLE', 'SCRIPT', 'TEMPLATE'].includes(node.tagName)) return '';
  const label = node.getAttribute('aria-label') ?? (node.tagName === 'IMG' ? node.alt : null);
  const inside = label ?? [...node.childNodes].map(textOf).join('');
  return getComputedStyle(node).display.startsWith('inline') ? inside : ` ${inside} `;
};

const nameOf = (element) => {
  const ids = element.getAttribute('aria-labelledby');
  if (ids) {
    const scope = element.getRootNode();
    return ids.split(/\s+/).map((id) => scope.getElementById(id)).filter(Boolean).map(textOf).join(' ');
  }
  const label = element.getAttribute('aria-label');
  if (label) return label;
  if (element.labels?.length) return [...element.labels].map(textOf).join(' ');
  if (element.tagName === 'INPUT' && /^(submit|button)$/.test(element.type)) return element.value;
  if (element.tagName === 'IMG') return element.alt;
  if (element.matches('input, select, textarea')) return element.title || element.placeholder || '';
  if (element.matches('dialog, section')) return '';
  return textOf(element);
};

const matches = (name) => {
  if (how === 'any') return true;
  if (how === 'exact') return name === wanted;
  return how === 'starts' ? name.startsWith(wanted) : name.includes(wanted);
};

const selector = [IMPLICIT[role], `[role=${role}]`].filter(Boolean).join(', ');
return roots
  .flatMap((root) => [...root.querySelectorAll(selector)])
  .filter((element) => (element.getAttribute('role') ?? role) === role)
  .filter((element) => matches(squeeze(nameOf(element))) && shown(element));
