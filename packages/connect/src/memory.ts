// What an earlier life of this visit left behind in the tab: written by the widget (src/app/memory.rs), read here so that
// the session is taken up again while the widget's code is still on its way.

/** What is remembered of a visit. */
export interface Remembered {
  /** The token of its session. */
  sessionToken?: string;
  /** Was something under way, so that the visit goes on somewhere else than at its first step? */
  underWay: boolean;
}

/** What this tab remembers of the visits of a widget for a business. */
export function remembered(apiUrl: string, widgetId: string, businessName: string | undefined): Remembered {
  let text: string | null = null;
  try {
    text = sessionStorage.getItem(['railhead', apiUrl, widgetId, businessName ?? ''].join(' '));
  } catch {
    // A sandboxed frame, or a browser that keeps nothing: the visit starts anew.
  }
  const [token = '', , , service = '-', , , , way = '-'] = text?.split(' ') ?? [];
  return { ...(/^ses_[\w-]+$/.test(token) && { sessionToken: token }), underWay: service !== '-' || way !== '-' };
}
