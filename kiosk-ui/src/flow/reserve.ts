// The thinking of the screen Réserve: loans by their days, the fund's money, the words of a reminder. Pure.
import type { Budget, Grant, ReserveState, TemporaryLoan } from '../api/types';

/** Overdue first, the latest at the top; then by the day they are due. */
export function byDue(loans: readonly TemporaryLoan[]): TemporaryLoan[] {
  return [...loans].sort((a, b) => a.due_on.localeCompare(b.due_on) || a.student.localeCompare(b.student));
}

/** Cents of a year's budget that nobody has granted yet; null when the year has none. */
export function left(budgets: readonly Budget[], year: number): number | null {
  const budget = budgets.find((one) => one.budget_year === year);
  return budget ? budget.amount_cents - budget.granted_cents : null;
}

/** Cents from what somebody types: « 329,90 », « 1 200 », "1200.5". Null when it is no amount. */
export function cents(text: string): number | null {
  const plain = text.replace(/[\s\u00a0\u202f€]/g, '').replace(',', '.');
  if (!/^\d{1,7}(\.\d{1,2})?$/.test(plain)) return null;
  return Math.round(Number(plain) * 100);
}

export function euros(amount: number): string {
  return (amount / 100).toFixed(2);
}

export function undecided(grants: readonly Grant[]): Grant[] {
  return grants.filter((grant) => !grant.decision);
}

/** Whether the forecast is worth a warning: empty within a month. */
export function runsDry(state: ReserveState): boolean {
  return state.weeks_left != null && state.weeks_left < 4;
}
