// What round trips to the service say of a connection.
export type Quality = 'good' | 'slow' | 'none';

/** A scan is answered by one round trip: under this nobody waits for it. */
const GOOD_MS = 120;

/** Of so many trips, those that came back and how long each took. The middle one speaks; many lost ones are none. */
export function qualityOf(trips: number[], tried: number): { quality: Quality; ms: number } {
  const sorted = [...trips].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined || sorted.length * 2 < tried) return { quality: 'none', ms: 0 };
  const steady = sorted.length === tried && (sorted.at(-1) ?? 0) < 10 * GOOD_MS;
  return { quality: middle < GOOD_MS && steady ? 'good' : 'slow', ms: middle };
}
