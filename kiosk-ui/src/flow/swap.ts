// The thinking of the mode Échange: whose laptop it is, what happened to it, what the school's table gives in its
// place, and what is expected next. Pure: no clock, no network; the service alone decides.
import type { Device, IncidentRule, Student } from '../api/types';

export const INCIDENTS = ['breakdown', 'breakage', 'loss', 'theft'] as const;
export type Incident = (typeof INCIDENTS)[number];

/** Symptoms by the service's words, in the order of the screen. */
export const SYMPTOMS = ['screen', 'keyboard', 'battery', 'charging', 'no_start', 'slow', 'network', 'hinge', 'liquid'] as const;

/** A laptop in a pupil's hands. */
export interface Held {
  loanId: string;
  deviceId: string;
  serial: string;
  model: string;
  kind: 'allocation' | 'temporary';
}

/** What is done for the pupil: an incident, or only a loan of a spare for a while. */
export type What = Incident | 'loan';

export interface Swap {
  student: Student | null;
  held: Held | null;
  what: What | null;
  symptoms: string[];
  note: string;
  complaint: string;
  spare: Device | null;
  /** What was said before the spare was shown holds; a spare shown first waits for a key. */
  armed: boolean;
  /** The spare stays with the pupil for good. */
  forGood: boolean;
  until: string;
  finished: boolean;
}

export const EMPTY: Swap = {
  student: null, held: null, what: null, symptoms: [], note: '', complaint: '', spare: null, armed: false, forGood: false,
  until: '', finished: false,
};

/** A spare comes back within so many days; that for a forgotten laptop the same evening. */
export function usualDays(swap: Swap, what: What): number {
  return what === 'loan' && swap.student && purposeOf(swap.student) === 'forgotten' ? 0 : 14;
}

/** Why a spare is lent without an incident. */
export function purposeOf(student: Student): 'repair' | 'forgotten' | 'other' {
  if (!student.allocation) return 'other';
  return isAway(student) ? 'repair' : 'forgotten';
}

function isAway(student: Student): boolean {
  return ['awaiting_repair', 'in_repair', 'repaired'].includes(student.allocation?.device_state ?? '');
}

/** The laptops of a pupil that something may have happened to. */
export function heldBy(student: Student): Held[] {
  const { allocation, temporary } = student;
  const own: Held[] = allocation
    ? [{ loanId: allocation.loan_id, deviceId: allocation.device_id, serial: allocation.serial, model: allocation.model, kind: 'allocation' }]
    : [];
  const spare: Held[] = temporary
    ? [{ loanId: temporary.loan_id, deviceId: temporary.device_id, serial: temporary.serial, model: temporary.model, kind: 'temporary' }]
    : [];
  return [...own, ...spare];
}

/** Whether the pupil's own laptop is back from repair and waits for them. */
export function isBack(student: Student | null): boolean {
  return student?.allocation?.device_state === 'repaired';
}

/** Own laptops away in repair are not in the pupil's bag: nothing can happen to them there. */
export function inHand(student: Student): Held[] {
  return heldBy(student).filter((held) => !(held.kind === 'allocation' && isAway(student)));
}

/** A badge: the pupil's own laptop, or a question when they have a spare beside it. */
export function takeStudent(swap: Swap, student: Student): Swap {
  const same = !swap.finished && swap.student?.id === student.id;
  if (same) return { ...swap, student };
  const hands = inHand(student);
  const [only] = hands;
  // A spare that was shown first was taken from the shelf for whoever comes.
  const spare = swap.finished || swap.student ? null : swap.spare;
  return { ...EMPTY, student, spare, held: hands.length === 1 && only ? only : null };
}

/** A laptop in somebody's hands. */
export function takeHeld(swap: Swap, student: Student, deviceId: string): Swap {
  const held = heldBy(student).find((one) => one.deviceId === deviceId) ?? null;
  const same = !swap.finished && swap.student?.id === student.id;
  if (same && swap.held?.deviceId === deviceId) return { ...swap, student };
  const spare = swap.finished || swap.student ? null : swap.spare;
  return same ? { ...swap, student, held } : { ...EMPTY, student, spare, held };
}

/** A laptop that nobody holds: what the pupil gets. */
export function takeSpare(swap: Swap, device: Device): Swap {
  if (swap.finished) return { ...EMPTY, spare: device };
  return { ...swap, spare: device, armed: swap.what !== null };
}

/** Whether a laptop nobody holds may be given at all; in stock it may only stay for good. */
export function isSpare(device: Device): boolean {
  return device.state === 'reserve' || device.state === 'in_stock';
}

export function chooseHeld(swap: Swap, held: Held): Swap {
  return { ...swap, held, what: swap.what === 'loan' ? null : swap.what };
}

/** What happened; `until` is the usual day for it. */
export function chooseWhat(swap: Swap, what: What, until: string): Swap {
  if (swap.finished || !swap.student) return swap;
  const forGood = what === 'loss' || what === 'theft';
  return { ...swap, what, until, armed: false, forGood: forGood && swap.held?.kind === 'allocation' };
}

export function toggleSymptom(swap: Swap, symptom: string): Swap {
  const { symptoms } = swap;
  return { ...swap, symptoms: symptoms.includes(symptom) ? symptoms.filter((one) => one !== symptom) : [...symptoms, symptom] };
}

/** What the school's table gives in the place of the laptop: a spare, a spare by the head's fund, or nothing. */
export function given(swap: Swap, table: IncidentRule[]): 'reserve' | 'grant' | 'none' {
  if (swap.what === null || swap.what === 'loan') return 'reserve';
  // A lent spare that breaks down is replaced like any other.
  if (swap.held?.kind === 'temporary' && swap.what === 'breakdown') return 'reserve';
  const line = table.find((one) => one.incident === swap.what);
  return line?.replacement === 'grant' || line?.replacement === 'none' ? line.replacement : 'reserve';
}

export function needsComplaint(swap: Swap, table: IncidentRule[]): boolean {
  return table.find((line) => line.incident === swap.what)?.needs_complaint ?? false;
}

export type Expected = 'case' | 'which' | 'back' | 'what' | 'complaint' | 'report' | 'spare' | 'day' | 'confirm' | 'service' | 'next';

/** What is expected now; what the table forbids is said before a spare is asked for. */
export function expected(swap: Swap, table: IncidentRule[]): Expected {
  if (swap.finished) return 'next';
  if (!swap.student) return 'case';
  if (swap.what === null && isBack(swap.student)) return 'back';
  if (swap.what !== 'loan' && !swap.held && inHand(swap.student).length > 1) return 'which';
  if (swap.what === null) return 'what';
  if (needsComplaint(swap, table) && swap.complaint.trim() === '') return 'complaint';
  if (given(swap, table) !== 'reserve') return 'report';
  if (!swap.spare) return 'spare';
  if (!swap.forGood && swap.until === '') return 'day';
  return swap.armed ? 'service' : 'confirm';
}

/** What is sent: the path and its body, unsigned. Null while something is missing. */
export function request(swap: Swap, withSpare: boolean): { path: string; body: object } | null {
  const { student, held, what, spare } = swap;
  if (!student || what === null) return null;
  if (what === 'loan') {
    if (!spare) return null;
    return { path: '/api/loans', body: { student_id: student.id, device_id: spare.id, until: swap.until || null, purpose: purposeOf(student) } };
  }
  if (!held || (withSpare && !spare)) return null;
  return {
    path: '/api/incidents',
    body: {
      loan_id: held.loanId, incident: what, symptoms: swap.symptoms, description: swap.note.trim(),
      complaint_number: swap.complaint.trim() || null,
      spare: withSpare && spare ? { device_id: spare.id, until: swap.forGood ? null : swap.until } : null,
    },
  };
}
