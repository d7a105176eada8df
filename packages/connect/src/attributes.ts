// Reads options from the attributes of the script tag and of the custom element.

import type { Options } from './options.js';

/** What attributes can say. */
export interface Described {
  widgetId: string | undefined;
  businessName: string | undefined;
  options: Options;
}

const TEXTS = ['container', 'apiUrl', 'sessionToken', 'successUrl', 'closeUrl', 'locale', 'logo', 'isolation', 'nonce', 'colorScheme'];
const SWITCHES = ['open', 'skippable', 'overview'];
const LISTS = ['kinds', 'requiredKinds', 'includeServices', 'excludeServices'];
const GROUPS = { theme: 'theme', link: 'links', metadata: 'metadata' } as const;

/** Reads attributes given by their camelCase names, as `dataset` has them; leaves alone what it does not know. */
export function describe(attributes: Readonly<Record<string, string | undefined>>): Described {
  const options: Record<string, unknown> = {};
  const inGroup = (group: string) => (options[group] ??= {}) as Record<string, unknown>;
  for (const [name, value] of Object.entries(attributes)) {
    // A list that a template has left empty says nothing.
    if (value === undefined || (LISTS.includes(name) && !list(value).length)) continue;
    if (TEXTS.includes(name)) options[name] = value;
    else if (SWITCHES.includes(name)) options[name] = value !== 'false';
    else if (name === 'timeout') options[name] = Number(value);
    else if (name === 'includeServices') inGroup('services')['include'] = list(value);
    else if (name === 'excludeServices') inGroup('services')['exclude'] = list(value);
    else if (LISTS.includes(name)) options[name] = list(value);
    else {
      const [, prefix, rest] = /^(theme|link|metadata)([A-Z].*)$/.exec(name) ?? [];
      if (prefix && rest) inGroup(GROUPS[prefix as keyof typeof GROUPS])[rest[0]!.toLowerCase() + rest.slice(1)] = value;
    }
  }
  return { widgetId: attributes['widgetId'], businessName: attributes['businessName'], options: options as Options };
}

/** `widget-id` → `widgetId` */
export function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function list(value: string): string[] {
  return value.split(',').map((entry) => entry.trim()).filter(Boolean);
}
