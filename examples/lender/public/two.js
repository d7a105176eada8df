// Two widgets on one page, each for a business of its own, started by the page's own script.

const { widget } = document.querySelector('script[data-widget]').dataset;
const theme = { primary: 'light-dark(#0f5c4d, #74c9b2)', onPrimary: 'light-dark(#ffffff, #06231c)' };

for (const [place, business] of [['first', 'Harbor Coffee Ltd'], ['second', 'Harbor Roastery Ltd']]) {
  const state = document.getElementById(`${place}-state`);
  await window.Railhead.init(widget, business, {
    container: `#${place}`,
    theme,
    onConnect: ({ account }) => {
      state.textContent = account ? `${account.name} is connected` : 'Connected';
    },
  });
}
