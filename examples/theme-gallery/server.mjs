// The theme gallery's server: one page with the widget in eight brands. On start it makes, by the Management API, a widget for each
// company, or brings the one it made before up to date.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { brands } from './brands.mjs';

const { RAILHEAD_API_KEY } = process.env;
const PORT = Number(process.env.PORT ?? 4404);
const RAILHEAD_URL = new URL(process.env.RAILHEAD_URL ?? 'http://localhost:4400').origin;
const SITE = `http://localhost:${PORT}`;
const TYPES = { css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml' };

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `script-src 'self' ${RAILHEAD_URL} 'wasm-unsafe-eval'`,
  "style-src 'self'",
  `connect-src 'self' ${RAILHEAD_URL}`,
  `img-src 'self' ${RAILHEAD_URL} data:`,
  `frame-src ${RAILHEAD_URL}`,
  "base-uri 'none'",
].join('; ');

/** Asks the Management API; the server may still be starting. */
async function ask(method, path, body) {
  for (let attempt = 0; ; attempt += 1) {
    try {
      const answer = await fetch(`${RAILHEAD_URL}${path}`, {
        method,
        headers: { authorization: `Bearer ${RAILHEAD_API_KEY}`, 'content-type': 'application/json' },
        body: body && JSON.stringify(body),
        signal: AbortSignal.timeout(10_000),
      });
      if (answer.status < 500) return await checked(answer, path);
    } catch (error) {
      if (error.final || attempt > 120) throw error;
    }
    await wait(500);
  }
}

async function checked(answer, path) {
  const body = await answer.json();
  if (answer.ok) return body;
  throw Object.assign(new Error(`${path} answered ${answer.status} ${body.code}: ${body.detail}`), { final: true });
}

/** All widgets of the workspace, page after page. */
async function widgets() {
  const all = [];
  for (let cursor = ''; cursor !== null; ) {
    const page = await ask('GET', `/v1/widgets?limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    all.push(...page.data);
    cursor = page.nextCursor ?? null;
  }
  return all;
}

/** The id of a brand's widget, which has just the settings that the brand asks for. */
async function widgetOf({ name, company, told, theme }, known) {
  const settings = {
    name: `theme gallery: ${name}`,
    companyName: company,
    origins: [SITE],
    logo: `${SITE}/${name}.svg`,
    theme: told === 'setting' ? theme : null,
  };
  const found = known.find((widget) => widget.name === settings.name);
  if (found) return (await ask('PATCH', `/v1/widgets/${found.widgetId}`, settings)).widgetId;
  return (await ask('POST', '/v1/widgets', settings)).widget.widgetId;
}

async function answer(pathname, stages) {
  if (pathname === '/brands.json') return { type: 'application/json', text: JSON.stringify(stages) };
  if (pathname === '/') {
    const html = await readFile(new URL('index.html', import.meta.url), 'utf8');
    return { type: 'text/html', text: html.replace('src="/railhead.js"', `src="${RAILHEAD_URL}/railhead.js"`) };
  }
  const [, name, extension] = /^\/([a-z]+)\.(css|js|svg)$/.exec(pathname) ?? [];
  const text = name && (await readFile(new URL(`public/${name}.${extension}`, import.meta.url), 'utf8').catch(() => null));
  return text ? { type: TYPES[extension], text } : null;
}

const known = await widgets();
const stages = [];
for (const brand of brands) {
  const { told, theme, ...shown } = brand;
  stages.push({ ...shown, told, theme: told === 'option' ? theme : undefined, widgetId: await widgetOf(brand, known) });
}

const server = createServer(async (request, response) => {
  const found = await answer(new URL(request.url, SITE).pathname, stages);
  response.writeHead(found ? 200 : 404, {
    'content-type': `${found?.type ?? 'text/plain'}; charset=utf-8`,
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  });
  response.end(found?.text ?? 'There is no such page.\n');
});

server.listen(PORT, () => console.log(`The theme gallery is at ${SITE}`));
