// French or English, as this browser remembers it, and the pairs that a room's words are written as.
type Language = 'fr' | 'en';
type Pairs = Record<string, readonly [unknown, unknown]>;
type Words<T extends Pairs> = { readonly [K in keyof T]: T[K][0] };

const REMEMBERED = 'remise.language';

export const language: Language = localStorage.getItem(REMEMBERED) === 'en' ? 'en' : 'fr';

/** The other language, after a reload. */
export function changeLanguage(): void {
  localStorage.setItem(REMEMBERED, language === 'fr' ? 'en' : 'fr');
  location.reload();
}

/** One language of pairs: French first, English beside it. A word without its English does not compile. */
export function words<T extends Pairs>(pairs: T): Words<T> {
  const at = language === 'fr' ? 0 : 1;
  return Object.fromEntries(Object.entries(pairs).map(([name, pair]) => [name, pair[at]])) as Words<T>;
}
