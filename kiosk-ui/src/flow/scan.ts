// What one look at a desk's other modes means: pupils and laptops the school knows, a question when two of a kind
// are in view, or a remark. Pure: no clock, no network.
import type { Device, Resolution, Student } from '../api/types';
import type { Question, Remark } from './desk';

export interface Look {
  student: Student | null;
  device: Device | null;
  /** Two known things of one kind are a question, never a guess (rule 3). */
  question: Question | null;
  remark: Remark | null;
}

const NOTHING: Look = { student: null, device: null, question: null, remark: null };

/** What `fresh` shows, beside what is held up at the same time. */
export function look(fresh: Resolution[], inView: Resolution[] = fresh): Look {
  const known = fresh.filter((code) => code.standing === 'known');
  if (known.length === 0) return { ...NOTHING, remark: strange(fresh) };
  const all = [...known, ...inView.filter((code) => code.standing === 'known')];
  const student = known.map(pupilOf).find((one) => one !== null) ?? null;
  const device = known.find((code) => code.device)?.device ?? null;
  const students = distinct(all.flatMap((code) => pupilOf(code) ?? []));
  const devices = distinct(all.flatMap((code) => code.device ?? []));
  if (student && students.length > 1) return { ...NOTHING, question: { kind: 'student', choices: students } };
  if (device && devices.length > 1) return { ...NOTHING, question: { kind: 'device', choices: devices } };
  return { student, device, question: null, remark: null };
}

/** A charter names its pupil as well as a badge does. */
function pupilOf(code: Resolution): Student | null {
  return code.student ?? code.charter?.student ?? null;
}

/**
 * What competes with `fresh`: a laptop that was taken in before and is still in view does not, as laptops follow
 * each other in these modes, and in a swap both are on the table.
 */
export function beside(inView: Resolution[], fresh: Resolution[], told: ReadonlySet<string>): Resolution[] {
  const isNew = (id: string) => fresh.some((code) => code.device?.id === id);
  return inView.filter((code) => !code.device || isNew(code.device.id) || !told.has(code.device.id));
}

function strange(fresh: Resolution[]): Remark | null {
  const ambiguous = fresh.find((code) => code.standing === 'ambiguous');
  if (ambiguous) return { kind: 'ambiguous', code: ambiguous.text };
  const unknown = fresh.find((code) => code.standing === 'unknown');
  if (unknown) return { kind: 'unknown', code: unknown.text };
  const other = fresh.find((code) => code.standing === 'not_ours');
  return other ? { kind: 'not-ours', code: other.text, meaning: other.meaning } : null;
}

/** Of a scanner's two readings the one the school knows; of two unknown ones the plain one is what is printed. */
export function best(readings: Resolution[]): Resolution | undefined {
  return (
    readings.find((one) => one.standing === 'known') ??
    readings.find((one) => one.standing !== 'unknown') ??
    readings.find((one) => /^[\w-]+$/.test(one.text)) ??
    readings[0]
  );
}

function distinct<T extends { id: string }>(things: T[]): T[] {
  return [...new Map(things.map((thing) => [thing.id, thing])).values()];
}
