import { expect, test } from 'vitest';
import type { Device, IncidentRule, Student } from '../api/types';
import {
  EMPTY, type Swap, chooseHeld, chooseWhat, expected, given, heldBy, isBack, purposeOf, request, takeHeld, takeSpare, takeStudent,
  toggleSymptom, usualDays,
} from './swap';

const TABLE: IncidentRule[] = [
  { incident: 'breakdown', replacement: 'reserve', needs_complaint: false },
  { incident: 'breakage', replacement: 'grant', needs_complaint: false },
  { incident: 'loss', replacement: 'none', needs_complaint: false },
  { incident: 'theft', replacement: 'grant', needs_complaint: true },
] as IncidentRule[];

const own = { loan_id: 'L1', device_id: 'D1', serial: '5CD1', model: 'HP', since: '', device_state: 'lent', device_state_label: 'remis' };
const lent = { loan_id: 'L2', device_id: 'D2', serial: 'PF52', model: 'Lenovo', since: '', due_on: '2026-12-01', purpose: 'repair', purpose_label: '' };
const pupil = (more: object = {}): Student => ({ id: 'S1', name: 'Lina MERCIER', allocation: own, temporary: null, ...more }) as unknown as Student;
const laptop = (id: string, state = 'reserve'): Device => ({ id, serial: id, state, holder: null }) as unknown as Device;
const LATER = '2026-12-09';

test('a badge, an incident and a spare are a swap without a key', () => {
  let swap = takeStudent(EMPTY, pupil());
  expect([swap.held?.serial, expected(swap, TABLE)]).toEqual(['5CD1', 'what']);
  swap = chooseWhat(swap, 'breakdown', LATER);
  expect(expected(swap, TABLE)).toBe('spare');
  swap = takeSpare(toggleSymptom(toggleSymptom(swap, 'screen'), 'slow'), laptop('R1'));
  expect(expected(swap, TABLE)).toBe('service');
  expect(request(swap, true)).toEqual({
    path: '/api/incidents',
    body: {
      loan_id: 'L1', incident: 'breakdown', symptoms: ['screen', 'slow'], description: '', complaint_number: null,
      spare: { device_id: 'R1', until: LATER },
    },
  });
  expect(request({ ...swap, forGood: true }, true)?.body).toMatchObject({ spare: { until: null } });
  expect(request(swap, false)?.body).toMatchObject({ spare: null });
});

test('a spare shown first waits for a key, for there was no time to say what happened', () => {
  let swap = takeSpare(EMPTY, laptop('R1'));
  expect(expected(swap, TABLE)).toBe('case');
  swap = takeHeld(swap, pupil(), 'D1');
  expect(swap.spare?.id).toBe('R1');
  swap = chooseWhat(swap, 'breakdown', LATER);
  expect(expected(swap, TABLE)).toBe('confirm');
});

test('a pupil with an own laptop and a spare is asked which', () => {
  const both = pupil({ temporary: lent });
  const swap = takeStudent(EMPTY, both);
  expect([swap.held, expected(swap, TABLE)]).toEqual([null, 'which']);
  const [, spare] = heldBy(both);
  expect(expected(chooseHeld(swap, spare!), TABLE)).toBe('what');
  expect(takeHeld(EMPTY, both, 'D2').held?.kind).toBe('temporary');
});

test('an own laptop in repair is not in the bag; back from repair it is offered', () => {
  const away = pupil({ allocation: { ...own, device_state: 'in_repair' }, temporary: lent });
  expect(takeStudent(EMPTY, away).held?.serial).toBe('PF52');
  const back = pupil({ allocation: { ...own, device_state: 'repaired' }, temporary: lent });
  expect([isBack(back), isBack(away), isBack(null)]).toEqual([true, false, false]);
  expect(expected(takeHeld(EMPTY, back, 'D2'), TABLE)).toBe('back');
  expect(expected(takeHeld(EMPTY, back, 'D1'), TABLE)).toBe('back');
});

test('what the table forbids is said before a spare is asked for', () => {
  const swap = takeStudent(EMPTY, pupil());
  const told = (what: Parameters<typeof chooseWhat>[1], more: Partial<Swap> = {}) => {
    const said = { ...chooseWhat(swap, what, LATER), ...more };
    return [expected(said, TABLE), given(said, TABLE)];
  };
  expect(told('breakage')).toEqual(['report', 'grant']);
  expect(told('loss')).toEqual(['report', 'none']);
  expect(told('theft')).toEqual(['complaint', 'grant']);
  expect(told('theft', { complaint: '2026/118' })).toEqual(['report', 'grant']);
  // A lent spare that breaks down is replaced whatever the table says.
  const strict = TABLE.map((line) => ({ ...line, replacement: 'none' }));
  const spare = chooseWhat(takeHeld(EMPTY, pupil({ temporary: lent }), 'D2'), 'breakdown', LATER);
  expect(given(spare, strict)).toBe('reserve');
});

test('a loan without an incident', () => {
  const swap = takeSpare(chooseWhat(takeStudent(EMPTY, pupil()), 'loan', LATER), laptop('R1'));
  expect(expected(swap, TABLE)).toBe('service');
  expect(request(swap, true)).toEqual({
    path: '/api/loans', body: { student_id: 'S1', device_id: 'R1', until: LATER, purpose: 'forgotten' },
  });
  expect(expected({ ...swap, until: '' }, TABLE)).toBe('day');
  expect(usualDays(swap, 'loan')).toBe(0);
  expect(usualDays(swap, 'breakdown')).toBe(14);
  expect(purposeOf(pupil({ allocation: null }))).toBe('other');
  expect(purposeOf(pupil({ allocation: { ...own, device_state: 'in_repair' } }))).toBe('repair');
});

test('what was lost or stolen is replaced for good, another pupil begins anew, and what is done stays done', () => {
  const swap = chooseWhat(takeStudent(EMPTY, pupil()), 'loss', LATER);
  expect(swap.forGood).toBe(true);
  const other = takeStudent({ ...swap, note: 'au parc', spare: laptop('R1') }, pupil({ id: 'S2' }));
  expect([other.what, other.note, other.spare]).toEqual([null, '', null]);
  expect(takeStudent(swap, pupil()).what).toBe('loss');
  const finished = { ...swap, finished: true };
  expect(chooseWhat(finished, 'theft', LATER)).toBe(finished);
  expect(expected(finished, TABLE)).toBe('next');
  expect(takeSpare(finished, laptop('R2')).student).toBeNull();
});
