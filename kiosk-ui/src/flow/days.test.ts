import { expect, test } from 'vitest';
import { dayAhead } from './days';

test('days are those of the French wall clock', () => {
  expect(dayAhead(0, new Date('2026-11-25T23:30:00Z'))).toBe('2026-11-26');
  expect(dayAhead(14, new Date('2026-11-25T12:00:00Z'))).toBe('2026-12-09');
  expect(dayAhead(1, new Date('2026-10-24T22:30:00Z'))).toBe('2026-10-26');
});
