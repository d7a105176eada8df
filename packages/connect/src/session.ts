// Starts the session while the widget's code is still on its way.

import type { SessionRequest } from './protocol.generated.js';

/**
 * `POST /v1/connect/sessions`. The body is sent as text/plain, which makes it a simple request: no preflight, one round trip.
 * The answer, good or bad, is the widget's to read. On a page of the server's own, `embedder` is the origin that is asked for.
 */
export function startSession(apiUrl: string, request: SessionRequest, signal: AbortSignal, embedder?: string): Promise<Response> {
  const session = fetch(`${apiUrl}/v1/connect/sessions`, {
    method: 'POST',
    body: JSON.stringify(request),
    ...(embedder && { headers: { 'content-type': 'text/plain', 'railhead-embedder': embedder } }),
    credentials: 'omit',
    signal,
  });
  // Until the widget runs nobody waits for this; a failure must not show up as unhandled.
  session.catch(() => {});
  return session;
}
