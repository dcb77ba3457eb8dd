import { expect, test } from 'vitest';
import type { Device, Resolution, Student } from '../api/types';
import { beside, best, look } from './scan';

const code = (text: string, rest: Partial<Resolution>): Resolution => ({ text, standing: 'known', meaning: '', ...rest }) as Resolution;
const pupil = (id: string) => code(`badge ${id}`, { student: { id, name: id } as Student });
const laptop = (id: string) => code(`label ${id}`, { device: { id, serial: id } as Device });

test('one pupil and one laptop are taken in together', () => {
  const seen = look([pupil('a'), laptop('x')]);
  expect([seen.student?.id, seen.device?.id, seen.question, seen.remark]).toEqual(['a', 'x', null, null]);
});

test('a second laptop beside the one already held up is a question', () => {
  const seen = look([laptop('y')], [laptop('x'), laptop('y')]);
  expect(seen.device).toBeNull();
  expect(seen.question?.kind).toBe('device');
  expect(seen.question?.choices.map((one) => one.id).sort()).toEqual(['x', 'y']);
  expect(look([pupil('a')], [pupil('a'), laptop('x')]).question).toBeNull();
});

test('what nobody knows is told by the most telling code', () => {
  const unknown = code('ABC', { standing: 'unknown' });
  const mac = code('02:57', { standing: 'not_ours', meaning: 'mac' });
  expect(look([mac, unknown]).remark).toEqual({ kind: 'unknown', code: 'ABC' });
  expect(look([mac]).remark).toEqual({ kind: 'not-ours', code: '02:57', meaning: 'mac' });
  expect(look([unknown, laptop('x')]).remark).toBeNull();
  expect(look([]).remark).toBeNull();
});

test('of a scanner’s two readings the known one counts, else the plain one', () => {
  expect(best([code('a', { standing: 'unknown' }), laptop('x')])?.device?.id).toBe('x');
  expect(best([code('&é"', { standing: 'unknown' }), code('123', { standing: 'unknown' })])?.text).toBe('123');
  expect(best([])).toBeUndefined();
});

test('a charter stands for its pupil', () => {
  const charter = code('C-1', { charter: { student: { id: 'a' } } as Resolution['charter'] });
  expect(look([charter]).student?.id).toBe('a');
  expect(look([charter, pupil('a')]).question).toBeNull();
});

test('a laptop taken in before does not compete with the next one beside it', () => {
  const [x, y] = [laptop('x'), laptop('y')];
  expect(look([y], beside([x, y], [y], new Set(['x']))).device?.id).toBe('y');
  expect(look([x, y], beside([x, y], [x, y], new Set(['x']))).question?.kind).toBe('device');
  expect(look([y], beside([x, y], [y], new Set())).question?.kind).toBe('device');
});
