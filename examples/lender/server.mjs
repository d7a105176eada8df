// Northwind Lending's server: a host of Railhead Connect, as a customer would write it, with nothing but Node.
//
// It serves the page that embeds the widget, and a success page that believes nothing until it has checked the signature and
// asked the Railhead server itself.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { failurePage, successPage } from './success.mjs';
import { readConnection } from './railhead.mjs';
import { verifyResult } from './result.mjs';

const { RAILHEAD_API_KEY, RAILHEAD_SIGNING_SECRET } = process.env;
const PORT = Number(process.env.PORT ?? 4402);
const RAILHEAD_URL = new URL(process.env.RAILHEAD_URL ?? 'http://localhost:4400').origin;
const WIDGET_ID = process.env.RAILHEAD_WIDGET_ID ?? 'wid_demo_sandbox';

const PAGES = {
  '/': '../../index.html',
  '/inline': 'pages/inline.html',
  '/two': 'pages/two.html',
};
const TYPES = { css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml' };

// All that a host page has to allow for the widget; nothing inline, no eval.
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `script-src 'self' ${RAILHEAD_URL} 'wasm-unsafe-eval'`,
  "style-src 'self'",
  `connect-src ${RAILHEAD_URL}`,
  `img-src 'self' ${RAILHEAD_URL} data:`,
  `frame-src ${RAILHEAD_URL}`,
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

function file(path) {
  return readFile(new URL(path, import.meta.url), 'utf8');
}

/** A host page, with the Railhead server and the widget of this installation filled in. */
async function hostPage(path) {
  const html = await file(path);
  return html
    .replace(/^ *<link data-trunk.*\n/gm, '')
    .replaceAll('src="/railhead.js"', `src="${RAILHEAD_URL}/railhead.js"`)
    .replaceAll('wid_demo_sandbox', WIDGET_ID);
}

/** Where the widget sends the end user: `?result=<signed result>`. The other parameters are for show; only `result` is proof. */
async function success(query) {
  try {
    const result = verifyResult(query.get('result'), { secret: RAILHEAD_SIGNING_SECRET, audience: WIDGET_ID });
    const api = { url: RAILHEAD_URL, key: RAILHEAD_API_KEY };
    const connections = await Promise.all(result.connections.map(({ connectionId }) => readConnection(api, connectionId)));
    return { status: 200, html: successPage(result.businessName, connections) };
  } catch (error) {
    console.error(`success page: ${error.message}`);
    return { status: error.status ?? 502, html: failurePage(error.status === 400) };
  }
}

async function answer({ method, url }) {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  if (method !== 'GET' && method !== 'HEAD') return { status: 405, html: '' };
  if (Object.hasOwn(PAGES, pathname)) return { status: 200, html: await hostPage(PAGES[pathname]) };
  if (pathname === '/success') return success(searchParams);
  const [, name, extension] = /^\/([a-z]+)\.(css|js|svg)$/.exec(pathname) ?? [];
  const text = name && (await file(`public/${name}.${extension}`).catch(() => null));
  return text ? { status: 200, type: TYPES[extension], text } : { status: 404, type: 'text/plain', text: 'There is no such page.\n' };
}

const server = createServer(async (request, response) => {
  const { status, html, type = 'text/html', text = html } = await answer(request).catch((error) => {
    console.error(error);
    return { status: 500, html: '' };
  });
  response.writeHead(status, {
    'content-type': `${type}; charset=utf-8`,
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  });
  response.end(request.method === 'HEAD' ? undefined : text);
});

server.listen(PORT, () => console.log(`Northwind Lending is at http://localhost:${server.address().port}`));
