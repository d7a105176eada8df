// Everything in the widgets' shadow roots that reacts to a press or takes text, with the box that does: a field's is its label's too.
const roots = [document];
for (const root of roots) for (const element of root.querySelectorAll('*')) if (element.shadowRoot) roots.push(element.shadowRoot);
const shown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
return roots
  .slice(1)
  .flatMap((root) => [...root.querySelectorAll('button, a[href], input, select, textarea, summary, [role=button], [role=radio], [role=option], [tabindex="0"]')])
  .filter(shown)
  .map((element) => {
    const boxes = [element, ...(/^(radio|checkbox)$/.test(element.type) ? element.labels ?? [] : [])].map((each) => each.getBoundingClientRect());
    return {
      what: `${element.tagName.toLowerCase()} ${element.getAttribute('aria-label') ?? element.innerText?.trim() ?? element.name ?? ''}`,
      width: Math.max(...boxes.map((box) => box.width)),
      height: Math.max(...boxes.map((box) => box.height)),
    };
  });
