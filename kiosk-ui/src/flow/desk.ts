// The desk's own thinking: what lies on the cards, what a scan does to them, and what is expected next.
// Pure: no clock, no network. The service alone decides whether a laptop may be handed over.
import type { Device, Resolution, Student } from '../api/types';

export type Tone = 'done' | 'already' | 'refused' | 'unknown';

/** What happened, as the line at the foot of the desk tells it. */
export interface Outcome {
  tone: Tone;
  title: string;
  sentence: string;
  remedy: string;
}

/** Signed copies shown by their barcodes. */
export interface ShownCharter {
  studentId: string;
  name: string;
  /** 1 and 2, each once. */
  copies: number[];
}

export type Question = { kind: 'student'; choices: Student[] } | { kind: 'device'; choices: Device[] };

export interface Desk {
  student: Student | null;
  device: Device | null;
  charter: ShownCharter | null;
  /** Somebody said with a key that both signed copies were shown and one kept. */
  confirmed: boolean;
  /** The service has answered for what lies here: nothing is asked again until something changes. */
  settled: boolean;
  /** The hand-over is made; the next scan starts anew. */
  finished: boolean;
  /** At most one of each kind; nothing is recorded while one stands. */
  questions: Question[];
  /** A code nobody knows, which may become a badge. */
  unknown: string | null;
}

export const EMPTY: Desk = {
  student: null, device: null, charter: null, confirmed: false, settled: false, finished: false, questions: [],
  unknown: null,
};

/** Something worth telling that the desk can say by itself. */
export type Remark =
  | { kind: 'already-done' }
  | { kind: 'other-charter'; owner: string; student: string }
  | { kind: 'old-charter'; owner: string }
  | { kind: 'unknown'; code: string }
  | { kind: 'ambiguous'; code: string }
  | { kind: 'not-ours'; code: string; meaning: string };

export interface Step {
  desk: Desk;
  remark: Remark | null;
  /** Something that the school knows was taken in. */
  changed: boolean;
}

/**
 * Takes in what one look showed: `fresh` has just come to count, `inView` is all that is held up at the moment
 * and known. Two known things of one kind are a question, never a guess (rule 3).
 */
export function take(desk: Desk, fresh: Resolution[], inView: Resolution[] = fresh): Step {
  const known = fresh.filter((code) => code.standing === 'known');
  if (known.length === 0) return strange(desk, fresh);
  if (desk.finished && known.every((code) => belongs(desk, code))) {
    return { desk, remark: { kind: 'already-done' }, changed: false };
  }
  const before = desk;
  let next = desk.finished ? EMPTY : { ...desk, unknown: null };
  let remark: Remark | null = null;
  for (const code of known) {
    if (before.finished && belongs(before, code)) continue;
    const others = inView.filter((other) => !(before.finished && belongs(before, other)));
    if (code.student) next = withStudents(next, distinct([code.student, ...others.flatMap((o) => o.student ?? [])]));
    if (code.device) next = withDevices(next, distinct([code.device, ...others.flatMap((o) => o.device ?? [])]));
  }
  for (const code of known) {
    if (!code.charter) continue;
    const step = withCharter(next, code.charter);
    next = step.desk;
    remark = step.remark ?? remark;
  }
  const mismatch = foreignCharter(next);
  if (mismatch) {
    next = { ...next, charter: null };
    remark = mismatch;
  }
  return { desk: next, remark, changed: true };
}

function strange(desk: Desk, fresh: Resolution[]): Step {
  const ambiguous = fresh.find((code) => code.standing === 'ambiguous');
  if (ambiguous) return { desk, remark: { kind: 'ambiguous', code: ambiguous.text }, changed: false };
  const unknown = fresh.find((code) => code.standing === 'unknown');
  if (unknown) {
    return { desk: { ...desk, unknown: unknown.text }, remark: { kind: 'unknown', code: unknown.text }, changed: false };
  }
  const other = fresh.find((code) => code.standing === 'not_ours');
  return { desk, remark: other ? { kind: 'not-ours', code: other.text, meaning: other.meaning } : null, changed: false };
}

/** Whether a code is one of the hand-over that has just been made. */
function belongs(desk: Desk, code: Resolution): boolean {
  if (code.student) return code.student.id === desk.student?.id;
  if (code.device) return code.device.id === desk.device?.id;
  return code.charter != null && code.charter.student_id === desk.student?.id;
}

function without(desk: Desk, kind: Question['kind']): Question[] {
  return desk.questions.filter((question) => question.kind !== kind);
}

function distinct<T extends { id: string }>(things: T[]): T[] {
  return [...new Map(things.map((thing) => [thing.id, thing])).values()];
}

function withStudents(desk: Desk, students: Student[]): Desk {
  const [only] = students;
  if (students.length > 1) return { ...desk, questions: [...without(desk, 'student'), { kind: 'student', choices: students }] };
  return only ? chooseStudent(desk, only) : desk;
}

function withDevices(desk: Desk, devices: Device[]): Desk {
  const [only] = devices;
  if (devices.length > 1) return { ...desk, questions: [...without(desk, 'device'), { kind: 'device', choices: devices }] };
  return only ? chooseDevice(desk, only) : desk;
}

/** Another pupil than the one shown takes nothing over: that laptop was held up for somebody else. */
export function chooseStudent(desk: Desk, student: Student): Desk {
  if (desk.finished) return { ...EMPTY, student };
  const same = desk.student === null || desk.student.id === student.id;
  const base = same ? desk : { ...EMPTY, charter: desk.charter?.studentId === student.id ? desk.charter : null };
  return { ...base, student, settled: false, questions: without(desk, 'student') };
}

export function chooseDevice(desk: Desk, device: Device): Desk {
  const base = desk.finished ? EMPTY : desk;
  return { ...base, device, settled: false, questions: without(base, 'device') };
}

function withCharter(
  desk: Desk,
  charter: NonNullable<Resolution['charter']>,
): { desk: Desk; remark: Remark | null } {
  if (!charter.current) return { desk, remark: { kind: 'old-charter', owner: charter.student.name } };
  if (desk.student && desk.student.id !== charter.student_id) {
    return { desk, remark: { kind: 'other-charter', owner: charter.student.name, student: desk.student.name } };
  }
  const shown = desk.charter?.studentId === charter.student_id ? desk.charter.copies : [];
  const copies = [...new Set([...shown, charter.copy])].sort();
  const taken = { studentId: charter.student_id, name: charter.student.name, copies };
  return { desk: { ...desk, charter: taken, settled: false }, remark: null };
}

function foreignCharter(desk: Desk): Remark | null {
  if (!desk.charter || !desk.student || desk.charter.studentId === desk.student.id) return null;
  return { kind: 'other-charter', owner: desk.charter.name, student: desk.student.name };
}

/** Somebody pressed the key that says: two signed copies shown, one kept. */
export function confirmCharter(desk: Desk): Desk {
  if (desk.finished || !desk.student) return desk;
  return { ...desk, confirmed: true, settled: false };
}

/** Whether the pupil has left by today, in France; a leaving day to come is no obstacle. */
export function hasLeft(student: Student, today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris' }).format()): boolean {
  return student.left_on != null && student.left_on <= today;
}

/** Whether nothing that is known of the pupil speaks against a laptop. */
export function mayReceive(student: Student): boolean {
  return student.allocation == null && student.entitled && !hasLeft(student);
}

/** Whether the laptop is there to be handed out. */
export function isFree(device: Device): boolean {
  return device.holder == null && (device.state === 'announced' || device.state === 'in_stock');
}

/** How many signed copies are known of: those on file, or those shown now. */
export function copiesShown(desk: Desk): number {
  if (desk.confirmed || desk.student?.charter.complete) return 2;
  return Math.max(desk.charter?.copies.length ?? 0, desk.student?.charter.shown ?? 0);
}

export function charterComplete(desk: Desk): boolean {
  return desk.confirmed || desk.student?.charter.complete === true || desk.charter?.copies.length === 2;
}

export type Expected = 'anything' | 'student' | 'device' | 'charter' | 'answer' | 'service' | 'next';

/**
 * What is expected now. `service` when everything needed is here, or when the service's refusal is needed no
 * sooner for waiting: a pupil who may receive nothing is not asked for a charter first.
 */
export function expected(desk: Desk): Expected {
  if (desk.questions.length > 0) return 'answer';
  if (desk.finished) return 'next';
  if (!desk.student && !desk.device) return desk.charter ? 'student' : 'anything';
  if (!desk.student) return 'student';
  if (!desk.device) return 'device';
  if (desk.settled) return charterComplete(desk) ? 'next' : 'charter';
  const hopeless = !mayReceive(desk.student) || !isFree(desk.device);
  return charterComplete(desk) || hopeless ? 'service' : 'charter';
}

/** The charter as a hand-over states it; absent when a complete one is on file or none was shown. */
export function statedCharter(desk: Desk): { copies_shown: number; copies_kept: number; method: string } | null {
  if (desk.student?.charter.complete) return null;
  if (desk.confirmed) return { copies_shown: 2, copies_kept: 1, method: 'key' };
  if (desk.charter?.copies.length === 2) return { copies_shown: 2, copies_kept: 1, method: 'barcode' };
  return null;
}
