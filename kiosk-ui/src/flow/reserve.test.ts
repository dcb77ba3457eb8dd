import { expect, test } from 'vitest';
import type { Budget, Grant, ReserveState, TemporaryLoan } from '../api/types';
import { byDue, cents, euros, left, runsDry, undecided } from './reserve';

test('what is due first stands first', () => {
  const loan = (student: string, due_on: string) => ({ student, due_on }) as TemporaryLoan;
  expect(byDue([loan('B', '2026-12-02'), loan('C', '2026-11-01'), loan('A', '2026-12-02')]).map((one) => one.student)).toEqual(['C', 'A', 'B']);
});

test('money is typed the French way and counted in cents', () => {
  expect(['329,90', '1 200', '1200.5', '12 €', '0'].map(cents)).toEqual([32_990, 120_000, 120_050, 1_200, 0]);
  expect(['', 'abc', '1,234', '-3', '12345678'].map(cents)).toEqual([null, null, null, null, null]);
  expect(euros(32_990)).toBe('329.90');
});

test('what is left of a year', () => {
  const budgets: Budget[] = [{ budget_year: 2026, amount_cents: 200_000, granted_cents: 65_980 }];
  expect([left(budgets, 2026), left(budgets, 2027)]).toEqual([134_020, null]);
});

test('requests without a decision, and a reserve that runs dry', () => {
  expect(undecided([{ id: 'a', decision: 'granted' }, { id: 'b', decision: null }] as Grant[]).map((one) => one.id)).toEqual(['b']);
  expect(runsDry({ weeks_left: 3.5 } as ReserveState)).toBe(true);
  expect(runsDry({ weeks_left: null } as ReserveState)).toBe(false);
});
