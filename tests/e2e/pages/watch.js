// Writes down what the console says, in a browser whose driver does not tell: kept over pages of this origin.
(() => {
  const note = (level, message) => {
    const said = JSON.parse(sessionStorage.getItem('said') ?? '[]');
    said.push({ level, message });
    sessionStorage.setItem('said', JSON.stringify(said));
  };
  for (const [method, level] of Object.entries({ error: 'SEVERE', warn: 'WARNING', info: 'INFO', log: 'INFO' })) {
    const original = console[method].bind(console);
    console[method] = (...things) => {
      note(level, things.map((thing) => String(thing?.message ?? thing)).join(' '));
      original(...things);
    };
  }
  addEventListener('error', (event) => note('SEVERE', event.message ?? `${event.target.src ?? event.target.href} did not load`), true);
  addEventListener('unhandledrejection', (event) => note('SEVERE', `Unhandled rejection: ${event.reason}`));
  addEventListener('securitypolicyviolation', (event) => note('SEVERE', `${event.violatedDirective} refused ${event.blockedURI}`));
})();
