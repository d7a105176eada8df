// What the lender asks the Railhead server, with its API key.

/** A connection and what is known of its credentials. The access token itself goes no further than this function's caller. */
export async function readConnection(api, connectionId) {
  const path = `/v1/connections/${encodeURIComponent(connectionId)}`;
  const [connection, credentials] = await Promise.all([read(api, path), readCredentials(api, `${path}/credentials`)]);
  return { ...connection, credentials };
}

/** The built-in sandbox service has no credentials; that is no reason to refuse the connection. */
async function readCredentials(api, path) {
  try {
    return await read(api, path);
  } catch (error) {
    console.error(`credentials: ${error.message}`);
    return null;
  }
}

async function read({ url, key }, path) {
  if (!key) throw new Error('RAILHEAD_API_KEY is not set');
  const answer = await fetch(`${url}${path}`, {
    headers: { authorization: `Bearer ${key}` },
    signal: AbortSignal.timeout(10_000),
  });
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(`${path} answered ${answer.status} ${body.code ?? ''}: ${body.detail ?? ''}`);
  return body;
}
