// A certified OAuth 2.0 server (npm oidc-provider) for the end-to-end tests: PKCE required, `iss` on the callback,
// refresh tokens rotated at every use, short access tokens. Its login and consent pages are the package's own.
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const setting = (name) => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
};

const issuer = `http://localhost:${setting('PORT')}`;
const issued = [];
const refused = [];

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: setting('CLIENT_ID'),
      client_secret: setting('CLIENT_SECRET'),
      client_name: 'Railhead Connect',
      redirect_uris: [setting('REDIRECT_URI')],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_basic',
    },
  ],
  pkce: { required: () => true },
  rotateRefreshToken: () => true,
  scopes: ['openid', 'offline_access', 'books'],
  ttl: { AccessToken: Number(process.env.ACCESS_TOKEN_SECONDS ?? 600), RefreshToken: 86_400 },
  cookies: { keys: ['only-for-tests'] },
  features: { devInteractions: { enabled: true }, revocation: { enabled: true } },
  findAccount: (_ctx, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
});

// The package's pages ask a font host for a font; a test run contacts nobody but itself.
provider.use(async (ctx, next) => {
  await next();
  if (typeof ctx.body === 'string') ctx.body = ctx.body.replace(/@import url\(https?:[^)]*\);/g, '');
});

for (const name of ['authorization.error', 'grant.error', 'server_error']) {
  provider.on(name, (_ctx, error) => {
    refused.push({ name, error: error.error ?? String(error), detail: error.error_detail ?? error.error_description });
    console.error(name, error.error ?? error, error.error_detail ?? error.error_description ?? '');
  });
}
provider.on('grant.success', (ctx) => {
  issued.push({
    grantType: ctx.oidc.params.grant_type,
    accessToken: ctx.body.access_token,
    refreshToken: ctx.body.refresh_token,
  });
});

const json = (response, status, body) => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
};

// The API behind the authorization server: which companies may this token read?
const accounts = async (request, response) => {
  const value = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  const token = value && (await provider.AccessToken.find(value));
  if (!token?.isValid || !token.scopes.has('books')) return json(response, 401, { error: 'invalid_token' });
  return json(response, 200, { companies: [{ ref: `${token.accountId}-1`, title: 'Harbor Coffee Ltd' }] });
};

const handle = provider.callback();
createServer((request, response) => {
  const { pathname } = new URL(request.url, issuer);
  if (pathname === '/api/companies') return accounts(request, response);
  if (pathname === '/-/issued') return json(response, 200, { issued, refused });
  return handle(request, response);
}).listen(Number(process.env.PORT), '127.0.0.1', () => console.log(`listening on ${issuer}`));
