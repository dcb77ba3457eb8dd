// The thinking of the mode Retour: which loan ends, in what state the laptop came back, how far a class is.
// Pure: no clock, no network.
import type { OutLoan } from '../api/types';

/** Parts that may come back damaged, as receipts name them. */
export const PARTS = ['Écran', 'Clavier', 'Coque', 'Batterie'] as const;

/** How the laptop came back; everything good and complete unless somebody says otherwise. */
export interface Check {
  damaged: string[];
  missing: string[];
  note: string;
}

export const GOOD: Check = { damaged: [], missing: [], note: '' };

export interface Item {
  word: string;
  kind: 'damaged' | 'missing';
  /** The key that toggles it: 1 to 9. */
  key: string | null;
}

/** The check list of a loan: parts of the laptop, then the accessories that were handed over with it. */
export function items(kit: readonly string[]): Item[] {
  const parts = PARTS.map((word) => ({ word, kind: 'damaged' as const }));
  const accessories = kit.map((word) => ({ word, kind: 'missing' as const }));
  return [...parts, ...accessories].map((item, place) => ({ ...item, key: place < 9 ? String(place + 1) : null }));
}

export function isTold(check: Check, item: Item): boolean {
  return check[item.kind].includes(item.word);
}

export function toggle(check: Check, item: Item): Check {
  const told = check[item.kind];
  return { ...check, [item.kind]: isTold(check, item) ? told.filter((word) => word !== item.word) : [...told, item.word] };
}

export function toggleByKey(check: Check, kit: readonly string[], key: string): Check {
  const item = items(kit).find((one) => one.key === key);
  return item ? toggle(check, item) : check;
}

export function isGood(check: Check): boolean {
  return check.damaged.length === 0 && check.missing.length === 0 && check.note.trim() === '';
}

/** What is sent for a loan, unsigned. Accessories that were never handed over cannot be missing. */
export function returned(loan: OutLoan, check: Check): object {
  return { loan_id: loan.loan_id, damaged: check.damaged, missing: check.missing.filter((word) => loan.kit.includes(word)), note: check.note.trim() };
}

/** Laptops that can be brought back: those away in repair are not in the pupil's hands. */
export function inHands(out: readonly OutLoan[]): OutLoan[] {
  return out.filter((loan) => loan.state === 'lent');
}

export interface Progress {
  back: number;
  left: number;
  /** In repair: nobody can bring them. */
  away: number;
}

/** How far a class is, of `total` laptops that were out when it was opened. */
export function progress(out: readonly OutLoan[], total: number): Progress {
  const left = inHands(out).length;
  return { back: Math.max(0, total - out.length), left, away: out.length - left };
}

/** Own laptops that may become their pupils' own for good. */
export function transferable(out: readonly OutLoan[]): OutLoan[] {
  return inHands(out).filter((loan) => loan.kind === 'allocation');
}

/** All of them, or none when all were chosen. */
export function toggleAll(chosen: ReadonlySet<string>, loans: readonly OutLoan[]): Set<string> {
  const all = loans.every((loan) => chosen.has(loan.loan_id));
  return new Set(all ? [] : loans.map((loan) => loan.loan_id));
}

/** As many loans as the service transfers at once. */
export const MOST_AT_ONCE = 100;

export function inPortions(ids: readonly string[]): string[][] {
  const portions: string[][] = [];
  for (let at = 0; at < ids.length; at += MOST_AT_ONCE) portions.push(ids.slice(at, at + MOST_AT_ONCE));
  return portions;
}
