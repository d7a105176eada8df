// An OAuth 2.0 server (npm oauth2-mock-server) whose token answers the tests spoil: `PUT /-/fault` with a name of `faults`
// holds until the next one. What was asked of it is at `GET /-/requests`. It is lax otherwise: nobody signs in, and
// every grant is taken.
import { createServer } from 'node:http';
import { OAuth2Server } from 'oauth2-mock-server';

const MEGABYTE = 1024 * 1024;
const requests = [];
let fault = 'none';

const mock = new OAuth2Server();
await mock.issuer.keys.generate('ES256');

const send = (response, status, type, body, headers = {}) => {
  response.writeHead(status, { 'content-type': type, ...headers });
  response.end(body);
};
const error = (status, code, headers) => (response) =>
  send(response, status, 'application/json', JSON.stringify({ error: code }), headers);
// The answer that a fault leaves as it is, but for these members.
const changed = (change) => (response, body) => send(response, 200, 'application/json', JSON.stringify(change(body)));

// Each one answers a token request that has been granted: the service has done its part.
const faults = {
  none: changed((body) => body),
  text_lifetime: changed((body) => ({ ...body, expires_in: '3600' })),
  array_scope: changed((body) => ({ ...body, scope: ['read', 'write'] })),
  no_access_token: changed(({ access_token, ...body }) => body),
  no_refresh_token: changed(({ refresh_token, ...body }) => body),
  denied_in_success: changed(() => ({ error: 'invalid_grant' })),
  failed_in_success: changed(() => ({ error: 'server_error' })),
  denied: error(400, 'invalid_grant'),
  unknown_client: error(401, 'invalid_client'),
  broken: error(500, 'server_error'),
  busy: error(429, 'slow_down', { 'retry-after': '17' }),
  away: (response) => send(response, 503, 'text/html', '<h1>Back soon</h1>', { 'retry-after': '3600' }),
  page: (response) => send(response, 200, 'text/html', '<!doctype html><title>Welcome</title>'),
  half_json: (response, body) => send(response, 200, 'application/json', JSON.stringify(body).slice(0, -20)),
  redirect: (response) => send(response, 307, 'text/plain', '', { location: `${mock.issuer.url}/-/elsewhere` }),
  huge: (response, body) => {
    const text = JSON.stringify({ ...body, extra: 'x'.repeat(MEGABYTE) });
    send(response, 200, 'application/json', text, { 'content-length': text.length });
  },
  // Nothing says beforehand how much there will be.
  huge_stream: (response, body) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    for (let sent = 0; sent < MEGABYTE; sent += 4096) response.write(' '.repeat(4096));
    response.end(JSON.stringify(body));
  },
  drip: async (response, body) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.socket.setNoDelay(true);
    for (const byte of Buffer.from(JSON.stringify(body))) {
      await new Promise((written) => response.write(Buffer.of(byte), written));
    }
    response.end();
  },
  // The tokens are issued, and nobody hears of them.
  dropped: (response) => response.socket.destroy(),
  dropped_midway: (response, body) => {
    const text = JSON.stringify(body);
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
    response.write(text.slice(0, text.length / 2), () => response.socket.destroy());
  },
};

// Holds back what the package answers to a token request, and has the fault answer instead.
const spoiled = (response) => {
  response.end = (chunk) => {
    delete response.end;
    for (const header of response.getHeaderNames()) response.removeHeader(header);
    const body = JSON.parse(chunk?.toString() || '{}');
    if (body.access_token) faults[fault](response, body);
    else send(response, response.statusCode, 'application/json', JSON.stringify(body));
  };
  return response;
};

const text = async (request) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  return body;
};

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, mock.issuer.url);
  if (pathname === '/-/fault' && request.method === 'PUT') {
    const name = await text(request);
    if (!Object.hasOwn(faults, name)) return send(response, 404, 'text/plain', `no fault ${name}`);
    fault = name;
    return send(response, 204, 'text/plain');
  }
  if (pathname === '/-/requests') return send(response, 200, 'application/json', JSON.stringify(requests));
  const seen = { path: pathname, authorization: request.headers.authorization };
  requests.push(seen);
  if (pathname === '/-/elsewhere') return send(response, 200, 'application/json', '{"access_token":"stolen"}');
  if (pathname !== '/token') return mock.service.requestHandler(request, response);
  // The request as the package parsed it.
  mock.service.once('beforeResponse', (_answer, parsed) => Object.assign(seen, { form: parsed.body }));
  return mock.service.requestHandler(request, spoiled(response));
});

server.listen(Number(process.env.PORT), '127.0.0.1', () => {
  mock.issuer.url = `http://localhost:${server.address().port}`;
  console.log(`listening on ${mock.issuer.url}`);
});
