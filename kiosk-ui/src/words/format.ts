// Numbers, sums and moments as the page's language writes them, on the clock of the school.
import { language } from './language';

const locale = language === 'fr' ? 'fr-FR' : 'en-GB';
const school = { timeZone: 'Europe/Paris' } as const;
const dayFormat = new Intl.DateTimeFormat(locale, { ...school, day: '2-digit', month: '2-digit', year: 'numeric' });
const timeFormat = new Intl.DateTimeFormat(locale, { ...school, hour: '2-digit', minute: '2-digit' });
const clockFormat = new Intl.DateTimeFormat('sv-SE', { ...school, dateStyle: 'short', timeStyle: 'short' });
const numberFormat = new Intl.NumberFormat(locale);
const moneyFormat = new Intl.NumberFormat(locale, { style: 'currency', currency: 'EUR' });

/** `03/09/2026`. */
export const day = (at: string) => dayFormat.format(new Date(at));

/** `10:42`. */
export const time = (at: string) => timeFormat.format(new Date(at));

/** `03/09/2026 à 10:42`. */
export const moment = (at: string) => `${day(at)} ${language === 'fr' ? 'à' : 'at'} ${time(at)}`;

/** `12 345`. */
export function number(value: number): string {
  return numberFormat.format(value);
}

/** `329,90 €`. */
export const amount = (cents: number) => moneyFormat.format(cents / 100);

export const several = (count: number, one: string, many: string) => `${number(count)} ${count > 1 ? many : one}`;

/** `2026-09-03T10:42` on the wall clock of the school, as a field for date and time wants it. */
export const toWallClock = (at: string) => clockFormat.format(new Date(at)).replace(' ', 'T');

/** The moment at which the school's wall clock shows that. */
export function fromWallClock(local: string): string {
  const asUtc = Date.parse(`${local}:00Z`);
  const shown = Date.parse(`${toWallClock(new Date(asUtc).toISOString())}:00Z`);
  return new Date(asUtc - (shown - asUtc)).toISOString();
}

/** `03/09/2026 à 10:42` of a moment that was written down without its zone, on a clock of the school. */
export const wallMoment = (local: string) => moment(fromWallClock(local.slice(0, 16)));
