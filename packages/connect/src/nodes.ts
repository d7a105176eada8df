// Nodes as the server has rendered them, built one by one.

import type { PaintNode } from './protocol.generated.js';

const HTML = 'http://www.w3.org/1999/xhtml';
const SVG = 'http://www.w3.org/2000/svg';

/** Builds the nodes in `parent`. */
export function build<Parent extends ParentNode>(nodes: PaintNode[], parent: Parent, space = HTML): Parent {
  for (const node of nodes) {
    if (node === null) parent.append(document.createComment(''));
    else if (typeof node === 'string') parent.append(node);
    else {
      const [name, attributes, children] = node;
      const inner = name === 'svg' ? SVG : space;
      const element = document.createElementNS(inner, name) as HTMLElement;
      for (let index = 0; index < attributes.length; index += 2) {
        const [key, value] = [attributes[index] as string, attributes[index + 1] as string];
        // A style attribute would be the markup's; a style set by script is no matter of a CSP.
        if (key === 'style') element.style.cssText = value;
        else element.setAttribute(key, value);
      }
      parent.append(build(children, element, inner));
    }
  }
  return parent;
}
