// SPDX-License-Identifier: Apache-2.0
// The page's words in three languages; a file of lang/ is one language.
import en from '../lang/en.json';
import ja from '../lang/ja.json';
import ko from '../lang/ko.json';

export type Key = keyof typeof en;

const LANGUAGES: Record<string, Record<Key, string>> = { en, ko, ja };

/* language_choose - the first that there are words for: what the address asks for, what the browser prefers, English */
export function language_choose(asked: string | null, preferred: readonly string[]): string {
  const short = [asked ?? '', ...preferred].map((l) => l.toLowerCase().split('-')[0]!);
  return short.find((l) => Object.hasOwn(LANGUAGES, l)) ?? 'en';
}

export class Words {
  private readonly count: Intl.NumberFormat;

  constructor(readonly language: string) {
    this.count = new Intl.NumberFormat(language);
  }

  say(key: Key): string {
    return LANGUAGES[this.language]![key];
  }

  number(n: number, digits = 0): string {
    return n.toFixed(digits) === String(n) ? this.count.format(n) : this.count.format(Number(n.toFixed(digits)));
  }
}

/* time_of - hours to seconds in UTC, of ms since 1970 */
export function time_of(ms: number): string {
  return new Date(ms).toISOString().slice(11, 19);
}

/* length_of - a length of time as people read it on a clock */
export function length_of(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000));
  const two = (n: number) => String(n).padStart(2, '0');
  return `${s >= 3600 ? `${Math.floor(s / 3600)}:` : ''}${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
}
