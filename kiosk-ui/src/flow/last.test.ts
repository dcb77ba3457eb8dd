import { expect, test } from 'vitest';
import { type LastRow, grouped, minutesLeft } from './last';

const row: LastRow = {
  id: '', at: '', label: '', name: '', group: '', serial: '', undone: false, undoUntil: '2026-09-03T10:15:00Z',
};
const at = (time: string) => Date.parse(`2026-09-03T${time}Z`);

test('what may be undone says how many minutes are left, the second in doubt left out', () => {
  expect(minutesLeft(row, at('10:00:00'))).toBe(15);
  expect(minutesLeft(row, at('10:13:59'))).toBe(1);
  expect(minutesLeft(row, at('10:14:59'))).toBe(0);
  expect(minutesLeft({ ...row, undone: true }, at('10:00:00'))).toBe(0);
  expect(minutesLeft({ ...row, undoUntil: null }, at('10:00:00'))).toBe(0);
});

test('a receipt’s code is read out in groups; what is none stays as it is', () => {
  expect(grouped('RM4F7K29Q3XN')).toBe('RM 4F7K2 9Q3XN');
  expect(grouped('5CD030BC10')).toBe('5CD030BC10');
});
