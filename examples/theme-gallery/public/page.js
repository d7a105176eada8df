// Puts a widget on the ground of each brand.

const template = document.querySelector('template');

function stage(brand) {
  const { name, company, what, line, business, services, theme, colorScheme, widgetId } = brand;
  const section = template.content.cloneNode(true).querySelector('section');
  section.id = name;
  section.querySelector('img').src = `/${name}.svg`;
  section.querySelector('strong').textContent = company;
  section.querySelector('.what').textContent = what;
  section.querySelector('h2').textContent = line;
  const options = { theme, colorScheme, services: { include: services } };
  section.querySelector('button').addEventListener('click', async () => {
    // A dialog stands at the end of the page, out of reach of the CSS of this section: where that CSS is the theme, it is passed on.
    const own = brand.told === 'css' ? tokensOf(section) : theme;
    const connect = await Railhead.init(widgetId, business, { ...options, theme: own });
    connect.open();
  });
  document.querySelector('.brands').append(section);
  return Railhead.init(widgetId, business, { ...options, container: section.querySelector('.widget') });
}

/** The tokens that the page's CSS sets on an element. */
function tokensOf(element) {
  const style = getComputedStyle(element);
  const names = ['primary', 'accent', 'background', 'surface', 'text', 'mutedText', 'border', 'radius', 'fontFamily', 'spacing'];
  const property = (name) => `--railhead-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(property(name)).trim()]).filter(([, value]) => value));
}

const answer = await fetch('/brands.json');
for (const brand of await answer.json()) await stage(brand);
