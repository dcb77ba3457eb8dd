// USB scanners that type ("wedge"). Physical keys are read, not letters: the scanner may think in QWERTY while
// the computer thinks in AZERTY, so both readings are offered and the one the school knows counts.

/**
 * Keys of one code follow each other within this. Into a field people type too, though none so fast; elsewhere
 * nobody types, and a slow wireless scanner or a busy computer is given more time.
 */
const MOST_GAP_MS = { field: 45, page: 110 };
/** A code ends when no key follows within this, for scanners without a terminator. */
export const PAUSE_MS = { field: 90, page: 140 };
/** Fewer keys than this are typing. */
const FEWEST_KEYS = 4;

export interface Key {
  /** `KeyboardEvent.code`. */
  code: string;
  shift: boolean;
  atMs: number;
  /** Where it was typed. */
  into: 'field' | 'page';
}

const DIGITS_SHIFTED = ')!@#$%^&*(';
const AZERTY_DIGITS = 'à&é"\'(-è_ç';
const QWERTY: Record<string, string> = {
  Minus: '-_', Equal: '=+', BracketLeft: '[{', BracketRight: ']}', Backslash: '\\|', Semicolon: ';:', Quote: '\'"',
  Backquote: '`~', Comma: ',<', Period: '.>', Slash: '/?', IntlBackslash: '<>',
};
const AZERTY: Record<string, string> = {
  Minus: ')°', Equal: '=+', BracketLeft: '^¨', BracketRight: '$£', Backslash: '*µ', Semicolon: 'mM', Quote: 'ù%',
  Backquote: '²²', Comma: ';.', Period: ':/', Slash: '!§', IntlBackslash: '<>', KeyM: ',?',
};
const AZERTY_LETTERS: Record<string, string> = { q: 'a', a: 'q', w: 'z', z: 'w' };
const NUMPAD: Record<string, string> = {
  NumpadAdd: '+', NumpadSubtract: '-', NumpadMultiply: '*', NumpadDivide: '/', NumpadDecimal: '.',
};

function letter(code: string): string | undefined {
  return /^Key[A-Z]$/.test(code) ? code.charAt(3).toLowerCase() : undefined;
}

function common(key: Key): string | undefined {
  if (key.code === 'Space') return ' ';
  if (/^Numpad\d$/.test(key.code)) return key.code.charAt(6);
  return NUMPAD[key.code];
}

function qwerty(key: Key): string {
  const plain = letter(key.code);
  if (plain) return key.shift ? plain.toUpperCase() : plain;
  const digit = /^Digit\d$/.test(key.code) ? key.code.charAt(5) : undefined;
  if (digit) return key.shift ? DIGITS_SHIFTED.charAt(Number(digit)) : digit;
  return common(key) ?? QWERTY[key.code]?.charAt(key.shift ? 1 : 0) ?? '';
}

function azerty(key: Key): string {
  const punctuation = AZERTY[key.code]?.charAt(key.shift ? 1 : 0);
  if (punctuation) return punctuation;
  const plain = letter(key.code);
  if (plain) {
    const moved = AZERTY_LETTERS[plain] ?? plain;
    return key.shift ? moved.toUpperCase() : moved;
  }
  const digit = /^Digit\d$/.test(key.code) ? key.code.charAt(5) : undefined;
  if (digit) return key.shift ? digit : AZERTY_DIGITS.charAt(Number(digit));
  return common(key) ?? '';
}

/** What the keys may have meant: QWERTY first, then AZERTY when it differs. */
export function readings(keys: Key[]): string[] {
  const texts = [keys.map(qwerty).join('').trim(), keys.map(azerty).join('').trim()];
  return [...new Set(texts)].filter((text) => text !== '');
}

/** Tells a scanner's burst of keys from typing. */
export class Wedge {
  #keys: Key[] = [];

  constructor(readonly onCode: (texts: string[]) => void) {}

  /** Whether the keys so far came too fast for a person. */
  get bursting(): boolean {
    return this.#keys.length >= FEWEST_KEYS;
  }

  /** Whether a key would begin something new. */
  begins({ atMs, into }: Pick<Key, 'atMs' | 'into'>): boolean {
    const last = this.#keys.at(-1);
    return last === undefined || atMs - last.atMs > MOST_GAP_MS[into];
  }

  /** Takes a printing key. */
  key(key: Key): void {
    if (this.begins(key)) this.#keys = [];
    this.#keys.push(key);
  }

  /** Enter, Tab or a pause. True when it ended a code. */
  end(): boolean {
    const keys = this.#keys;
    this.#keys = [];
    if (keys.length < FEWEST_KEYS) return false;
    this.onCode(readings(keys));
    return true;
  }
}
