// What the host page's Content-Security-Policy refuses, and what would have it allowed.

/** The host page's policy refuses something that the widget needs in order to run in the page. */
export class Refused extends Error {
  /** The directive that refuses it. */
  readonly directive: string;
  /** What the directive would have to list. */
  readonly source: string;

  constructor(directive: string, source: string) {
    super(`the page's Content-Security-Policy has no ${source} in ${directive}`);
    this.directive = directive;
    this.source = source;
  }
}

/** What is being refused. */
export interface PolicyWatch {
  /** The refusal behind `error`, if it is one. Browsers tell of it a moment after the refusal itself. */
  refusal(error: unknown): Promise<Refused | undefined>;
  end(): void;
}

/** Watches for what the page's policy refuses of the server at `apiUrl` by these directives, until it is ended. */
export function watchPolicy(apiUrl: string, directives: string[], onRefusal?: (refused: Refused) => void): PolicyWatch {
  const { origin } = new URL(apiUrl);
  let found: Refused | undefined;
  const hear = ({ blockedURI, effectiveDirective, disposition }: SecurityPolicyViolationEvent) => {
    // `script-src-elem` follows `script-src`, which is what people write.
    const directive = effectiveDirective.replace(/-elem$/, '');
    if (found || disposition !== 'enforce' || !directives.includes(directive) || !blockedURI.startsWith(origin)) return;
    found = new Refused(directive, origin);
    onRefusal?.(found);
  };
  document.addEventListener('securitypolicyviolation', hear);
  return {
    async refusal(error) {
      if (error instanceof Refused) return error;
      for (let wait = 0; !found && wait < 10; wait += 1) await new Promise((resolve) => setTimeout(resolve, 10));
      return found;
    },
    end: () => document.removeEventListener('securitypolicyviolation', hear),
  };
}

/** Fails where the page may not compile WebAssembly: eight bytes are a whole module. */
export function tryWasm(): void {
  try {
    new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
  } catch {
    throw new Refused('script-src', "'wasm-unsafe-eval'");
  }
}

const said = new Set<string>();

/** Tells the developer of the host page, each thing once. */
export function adviseOnce({ directive, source }: Refused, instead: string): void {
  const advice = `Railhead: this page's Content-Security-Policy refuses what the widget needs in order to run here, so ${instead}. To allow it, add ${source} to ${directive}.`;
  if (said.has(advice)) return;
  said.add(advice);
  console.warn(advice);
}
