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
  /** Where its paper is; absent for what has none. */
  paper?: string;
  /** The paper is a pupil's receipt: one sheet, with a code that the screen shows as well. */
  isReceipt?: boolean;
}

/** A receipt's code in groups that can be read out: `RM 4F7K2 9Q3XN`. */
export function grouped(code: string): string {
  return code.replace(/^(RM)(.{5})(.{5})$/, '$1 $2 $3');
}

/** Whole minutes left for undoing; the service's clock is known to a second and a half only. */
export function minutesLeft(row: LastRow, now: number): number {
  return row.undone || row.undoUntil === null ? 0 : Math.max(0, Math.ceil((Date.parse(row.undoUntil) - now - 2_000) / 60_000));
}
