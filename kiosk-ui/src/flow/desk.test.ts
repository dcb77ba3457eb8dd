import { describe, expect, test } from 'vitest';
import type { Device, Resolution, Student } from '../api/types';
import { EMPTY, type Desk, chooseDevice, chooseStudent, confirmCharter, expected, statedCharter, take } from './desk';

const student = (id: string, more: Partial<Student> = {}): Student => ({
  id, name: `${id} MARTIN`, last_name: 'MARTIN', first_name: id, class: '2GT1', entitled: true,
  entitlement_reason: 'Seconde', charter: { shown: 0, kept: 0, complete: false }, ...more,
});
const device = (id: string, more: Partial<Device> = {}): Device => ({
  id, serial: id, maker: 'HP', model: 'ProBook', part_number: 'P', state: 'in_stock', state_label: 'en stock', ...more,
});
const base = { text: 'x', standing: 'known', meaning: 'student' };
const badge = (s: Student): Resolution => ({ ...base, text: `B${s.id}`, student: s });
const label = (d: Device): Resolution => ({ ...base, text: d.serial, meaning: 'device', device: d });
const sheet = (s: Student, copy: number, current = true): Resolution => ({
  ...base, meaning: 'charter', charter: { student_id: s.id, student: s, copy, current },
});
const stranger = (text: string): Resolution => ({ text, standing: 'unknown', meaning: 'other' });
const show = (desk: Desk, ...codes: Resolution[]) => take(desk, codes).desk;

const lina = student('Lina');
const sami = student('Sami');
const hp = device('5CD1');
const dell = device('DELL1');

describe('codes come in any order', () => {
  const codes = [badge(lina), label(hp), sheet(lina, 1), sheet(lina, 2)];
  const orders = codes.flatMap((a) =>
    codes.flatMap((b) => codes.flatMap((c) => codes.map((d) => [a, b, c, d])))).filter((o) => new Set(o).size === 4);
  test.each(orders.map((order) => [order]))('order %#', (order) => {
    const desk = order.reduce((before, code) => show(before, code), EMPTY);
    expect(expected(desk)).toBe('service');
    expect(statedCharter(desk)).toEqual({ copies_shown: 2, copies_kept: 1, method: 'barcode' });
  });
});

test('asks for what is missing, in words', () => {
  expect(expected(EMPTY)).toBe('anything');
  expect(expected(show(EMPTY, badge(lina)))).toBe('device');
  expect(expected(show(EMPTY, label(hp)))).toBe('student');
  expect(expected(show(EMPTY, badge(lina), label(hp)))).toBe('charter');
  expect(expected(show(EMPTY, badge(lina), label(hp), sheet(lina, 1)))).toBe('charter');
});

test('the same copy twice is one copy', () => {
  expect(expected(show(EMPTY, badge(lina), label(hp), sheet(lina, 1), sheet(lina, 1)))).toBe('charter');
});

test('a key confirms the charter, a receipt on file needs none', () => {
  const desk = confirmCharter(show(EMPTY, badge(lina), label(hp)));
  expect(expected(desk)).toBe('service');
  expect(statedCharter(desk)?.method).toBe('key');
  const onFile = student('Ana', { charter: { shown: 2, kept: 1, complete: true } });
  const ready = show(EMPTY, badge(onFile), label(hp));
  expect(expected(ready)).toBe('service');
  expect(statedCharter(ready)).toBeNull();
});

test('a key confirms nothing while no pupil is known', () => {
  expect(confirmCharter(show(EMPTY, label(hp))).confirmed).toBe(false);
});

test('somebody else’s charter is told and not taken', () => {
  const step = take(show(EMPTY, badge(lina)), [sheet(sami, 1)]);
  expect(step.remark).toEqual({ kind: 'other-charter', owner: 'Sami MARTIN', student: 'Lina MARTIN' });
  expect(step.desk.charter).toBeNull();
  const late = take(show(EMPTY, sheet(sami, 1)), [badge(lina)]);
  expect(late.remark?.kind).toBe('other-charter');
  expect(late.desk.charter).toBeNull();
});

test('last year’s charter counts for nothing', () => {
  const step = take(show(EMPTY, badge(lina)), [sheet(lina, 1, false)]);
  expect(step.remark).toEqual({ kind: 'old-charter', owner: 'Lina MARTIN' });
});

test('another pupil takes neither laptop nor key over', () => {
  const desk = chooseStudent(confirmCharter(show(EMPTY, badge(lina), label(hp))), sami);
  expect(desk).toEqual({ ...EMPTY, student: sami });
});

test('a laptop held up before its pupil waits for them', () => {
  expect(show(show(EMPTY, label(hp)), badge(sami)).device?.id).toBe(hp.id);
});

test('two known laptops at once are a question', () => {
  const desk = take(show(EMPTY, badge(lina)), [label(dell)], [label(hp), label(dell)]).desk;
  expect(expected(desk)).toBe('answer');
  expect(desk.questions[0]?.choices).toHaveLength(2);
});

describe('a question stands until it is answered', () => {
  const onFile = student('Ana', { charter: { shown: 2, kept: 1, complete: true } });
  test('a laptop in the same picture does not answer which pupil', () => {
    const desk = take(EMPTY, [badge(onFile), badge(sami), label(hp)]).desk;
    expect(expected(desk)).toBe('answer');
    expect(expected(chooseStudent(desk, onFile))).toBe('service');
  });
  test('nor does a laptop shown later', () => {
    const asked = take(show(EMPTY, badge(onFile)), [badge(sami)], [badge(onFile), badge(sami)]).desk;
    const desk = show(asked, label(hp));
    expect(expected(desk)).toBe('answer');
    expect(desk.device?.id).toBe(hp.id);
  });
  test('two pupils and two laptops are two questions', () => {
    const desk = take(EMPTY, [badge(onFile), badge(sami), label(hp), label(dell)]).desk;
    expect(desk.questions).toHaveLength(2);
    const half = chooseStudent(desk, onFile);
    expect(expected(half)).toBe('answer');
    expect(expected(chooseDevice(half, dell))).toBe('service');
  });
});

test('a leaving day to come is no obstacle', () => {
  const later = student('Zoé', { left_on: '2999-06-30' });
  expect(expected(show(EMPTY, badge(later), label(hp)))).toBe('charter');
  expect(expected(show(EMPTY, badge(student('Zoé', { left_on: '2020-06-30' })), label(hp)))).toBe('service');
});

test('what cannot be handed out is sent to the service without waiting for a charter', () => {
  expect(expected(show(EMPTY, badge(student('Léo', { entitled: false })), label(hp)))).toBe('service');
  expect(expected(show(EMPTY, badge(lina), label(device('X', { state: 'in_repair' }))))).toBe('service');
});

test('after an answer nothing is asked again until something changes', () => {
  const desk = { ...confirmCharter(show(EMPTY, badge(lina), label(hp))), settled: true };
  expect(expected(desk)).toBe('next');
  expect(expected(show(desk, label(dell)))).toBe('service');
});

describe('after a hand-over', () => {
  const made = { ...confirmCharter(show(EMPTY, badge(lina), label(hp))), settled: true, finished: true };
  test('the same things again change nothing', () => {
    const step = take(made, [badge(lina), label(hp)]);
    expect(step.remark).toEqual({ kind: 'already-done' });
    expect(step.desk).toBe(made);
  });
  test('the next pupil starts anew, even with the last laptop still in view', () => {
    const step = take(made, [badge(sami)], [badge(sami), label(hp), badge(lina)]);
    expect(step.desk).toEqual({ ...EMPTY, student: sami });
  });
});

test('an unknown code is told and kept for learning; a part number is not', () => {
  const step = take(show(EMPTY, badge(lina)), [stranger('CARTE-9')]);
  expect(step.remark).toEqual({ kind: 'unknown', code: 'CARTE-9' });
  expect(step.desk.unknown).toBe('CARTE-9');
  const part = take(EMPTY, [{ text: '9ZZ99EA#ABF', standing: 'not_ours', meaning: 'part_number' }]);
  expect(part.remark?.kind).toBe('not-ours');
  expect(part.desk.unknown).toBeNull();
});
