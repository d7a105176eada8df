// All text a person can see: the document's and that of every open shadow root below it, in reading order.
const text = (node) => {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  if (node.nodeType !== Node.ELEMENT_NODE || ['STYLE', 'SCRIPT', 'TEMPLATE'].includes(node.tagName)) return '';
  const { display, visibility } = getComputedStyle(node);
  if (display === 'none' || visibility === 'hidden') return '';
  const inside = [...(node.shadowRoot ?? node).childNodes].map(text).join('');
  return display.startsWith('inline') ? inside : `\n${inside}\n`;
};
return text(document.body ?? document.documentElement).replace(/[^\S\n]+/g, ' ').replace(/\s*\n\s*/g, '\n').trim();
