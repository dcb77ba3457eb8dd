// A line at the foot of the desk: something this desk did, and until when it may be taken back.
export interface LastRow {
  id: string;
  at: string;
  /** What it was, where a mode knows several kinds. */
  label: string;
  name: string;
  group: string;
  serial: string;
  undone: boolean;
  undoUntil: string | null;
}

/** Whole minutes left for undoing; the service's clock is known to the second only. */
export function minutesLeft(row: LastRow, now: number): number {
  return row.undone || row.undoUntil === null ? 0 : Math.max(0, Math.ceil((Date.parse(row.undoUntil) - now - 1_000) / 60_000));
}
