// The pages after the widget: what was connected, or that nothing could be proved.

/** How the lender calls the services it works with; others by their key. */
const SERVICES = {
  freeagent: 'FreeAgent',
  freshbooks: 'FreshBooks',
  myob: 'MYOB Business',
  netsuite: 'Oracle NetSuite',
  quickbooks_online: 'QuickBooks Online',
};

const DATE = new Intl.DateTimeFormat('en-US', { dateStyle: 'long', timeZone: 'UTC' });
const MOMENT = new Intl.DateTimeFormat('en-US', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });

/** A piece of HTML that may be inserted as it is. */
class Html {
  constructor(text) {
    this.text = text;
  }
}

/** Tagged template: everything inserted is escaped, but for other pieces of HTML and lists of them. */
function html(pieces, ...values) {
  return new Html(String.raw({ raw: pieces }, ...values.map(insert)));
}

function insert(value) {
  if (value instanceof Html) return value.text;
  if (Array.isArray(value)) return value.map(insert).join('');
  return String(value ?? '').replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

export function successPage(businessName, connections) {
  const names = [...new Set(connections.map(({ serviceName }) => serviceLabel(serviceName)))];
  const title = names.length > 0 ? `${businessName} is connected to ${list(names)}` : `${businessName} has connected nothing yet`;
  return page(
    title,
    html`<svg class="check" viewBox="0 0 24 24" aria-hidden="true"><path d="M5 12.5l4.5 4.5L19 7.5"/></svg>
      <p class="eyebrow">Step 3 of 4 is done</p>
      <h1>${title}</h1>
      <p class="lead">Thank you. We start reading now, and you have our decision within one business day.</p>
      ${connections.map(details)}
      <a class="button" href="/">Back to your application</a>`,
  );
}

export function failurePage(mistaken) {
  const title = mistaken ? 'We couldn’t confirm this connection' : 'We can’t look this up right now';
  const advice = mistaken
    ? 'The address you came by is incomplete, or too old. Please go back to your application and connect again.'
    : 'Your connection is safe. Please load this page again in a minute.';
  return page(
    title,
    html`<svg class="check problem" viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="9"/><path d="M12 8v4.5M12 16v.01"/></svg>
      <h1>${title}</h1>
      <p class="lead">${advice}</p>
      <a class="button" href="/">Back to your application</a>`,
  );
}

function details({ connectionId, serviceName, account, status, expiresAt, credentials }) {
  const row = (term, description) => html`<div><dt>${term}</dt><dd>${description}</dd></div>`;
  return html`<section class="card" aria-label="${serviceLabel(serviceName)}">
    <dl>
      ${row('Software', serviceLabel(serviceName))}
      ${account ? row('Company', account.name) : ''}
      ${row('Status', status === 'active' ? `Active until ${DATE.format(new Date(expiresAt))}` : status)}
      ${row('Connection', html`<code>${connectionId}</code>`)}
      ${row('Access token', credentials ? received(credentials) : 'None: this service needs no token')}
    </dl>
  </section>`;
}

/** Enough of a token to recognise it by, not enough to use it. */
function received({ accessToken, expiresAt }) {
  const until = expiresAt ? html`, expires ${MOMENT.format(new Date(expiresAt))} UTC` : '';
  return html`Received, ends in <code>••••${accessToken.slice(-4)}</code>${until}`;
}

function serviceLabel(serviceName) {
  const words = serviceName.split('_').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return SERVICES[serviceName] ?? words.join(' ');
}

function list(names) {
  return new Intl.ListFormat('en').format(names);
}

function page(title, content) {
  return html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>${title} · Northwind Lending</title>
  <link rel="icon" href="/lender.svg" type="image/svg+xml">
  <link rel="stylesheet" href="/lender.css">
</head>
<body>
  <header class="bar"><div class="wrap">
    <a class="brand" href="/"><img src="/lender.svg" alt="" width="32" height="32">Northwind Lending</a>
    <p class="bar-note"><span>Application NW-48213</span><span class="saved">Saved</span></p>
  </div></header>
  <main class="wrap page"><div class="notice">
    ${content}
  </div></main>
  <footer class="foot"><p class="wrap">Northwind Lending is made up: it shows Railhead Connect on a customer’s page. No loan is offered here.</p></footer>
</body>
</html>
`.text;
}
