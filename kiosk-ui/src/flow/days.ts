// Days on the French wall clock, as the service and date fields write them.

const iso = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris' });

/** `2026-11-25`, `ahead` days from `from`. */
export function dayAhead(ahead: number, from: Date = new Date()): string {
  const day = new Date(`${iso.format(from)}T12:00:00Z`);
  day.setUTCDate(day.getUTCDate() + ahead);
  return day.toISOString().slice(0, 10);
}
