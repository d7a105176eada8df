// Which language the widget speaks, and its sentences: a pack that is fetched beside the widget's code. English is in the code.

import { beside, locate, type Places } from './assets.js';
import { LANGUAGES, type Language, type Messages } from './messages.generated.js';

/** A language, and what dates and numbers follow. */
export interface Speech {
  /** The pack's name, and the value of `lang`. */
  language: Language;
  /** What was asked for, as BCP 47: `fr-BE` where the language is `fr`. */
  locale: string;
}

/** A language with its sentences. */
export interface Spoken extends Speech {
  words: Messages;
}

const ENGLISH = 'en';

const refused = new Set<unknown>();

/** The language that was asked for; otherwise the page's; otherwise the first of the browser's that there is a pack of. */
export function negotiate(asked: unknown): Speech {
  const locale = typeof asked === 'string' ? canonical(asked) : undefined;
  if (locale) return { language: best(locale) ?? ENGLISH, locale };
  if (asked != null && !refused.has(asked)) {
    refused.add(asked);
    console.warn('Railhead: option `locale` must be a language such as "fr-CA". It is ignored:', asked);
  }
  for (const tag of [document.documentElement.lang, ...navigator.languages]) {
    const locale = canonical(tag);
    const language = locale && best(locale);
    if (language) return { language, locale };
  }
  return { language: ENGLISH, locale: ENGLISH };
}

const isOurs = (tag: string): tag is Language => (LANGUAGES as readonly string[]).includes(tag);

/** The tag as browsers write it, without what it says beyond language, script and place. */
export function canonical(tag: string): string | undefined {
  // Most ask for one of ours, and then the browser need not be asked.
  if (isOurs(tag)) return tag;
  try {
    const { baseName, language } = new Intl.Locale(tag.replaceAll('_', '-'));
    // No tag that anybody speaks is longer; the server takes none that is.
    return baseName.length > 35 ? language : baseName;
  } catch {
    return undefined;
  }
}

/** The language that serves a reader of `locale` best. Readers of traditional Chinese are not given simplified characters. */
export function best(locale: string): Language | undefined {
  if (isOurs(locale)) return locale;
  const { language, script, region } = new Intl.Locale(locale).maximize();
  if (language === 'zh' && script === 'Hant') return undefined;
  if (language === 'fr' && region === 'CA') return 'fr-CA';
  return LANGUAGES.find((id) => id.split('-')[0] === language);
}

/** `rtl` for what is written from right to left. */
export function direction(language: Language): 'ltr' | 'rtl' {
  return language === 'ar' || language === 'he' ? 'rtl' : 'ltr';
}

const packs = new Map<string, Promise<Messages>>();

/** The sentences of a language. Where they do not come, English stands in, and the console says so. */
export async function loadPack(places: Places, { language, locale }: Speech): Promise<Spoken> {
  if (language === ENGLISH) return { language, locale, words: {} };
  try {
    const { packs: files } = await locate(places);
    const name = files?.[language];
    if (!name) throw new Error(`${places.apiUrl} has no pack for it`);
    const url = beside(name, places);
    const pack = packs.get(url) ?? fetchPack(url);
    packs.set(url, pack);
    pack.catch(() => packs.delete(url));
    return { language, locale, words: await pack };
  } catch (error) {
    console.error(`Railhead: the texts in "${language}" could not be loaded; English is shown.`, error);
    return { language: ENGLISH, locale, words: {} };
  }
}

async function fetchPack(url: string): Promise<Messages> {
  const answer = await fetch(url, { credentials: 'omit' });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return (await answer.json()) as Messages;
}
