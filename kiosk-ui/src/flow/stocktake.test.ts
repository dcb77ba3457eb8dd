import { expect, test } from 'vitest';
import type { StockTakeCard, StockTakeLine, StockTakeReport } from '../api/types';
import { counts, isCorrectable, linesOf, openOne, proposed, ticked, toggle } from './stocktake';

const line = (finding: string, device_id: string | null, proposal: string | null): StockTakeLine =>
  ({ finding, serial: device_id ?? 'X', device_id, proposal }) as StockTakeLine;
const report: StockTakeReport = {
  expected: 20, found: 18, corrected: [],
  lines: [line('missing', 'a', 'lose'), line('missing', 'b', 'lose'), line('unexpected', 'c', 'find'), line('unexpected', 'd', null), line('unknown', null, null)],
};

test('what was found, and what was not', () => {
  expect(counts(report)).toEqual({ expected: 20, found: 18, missing: 2, unexpected: 2, unknown: 1 });
  expect(linesOf(report, 'missing').map((one) => one.device_id)).toEqual(['a', 'b']);
});

test('what was seen is ticked, what is missing waits for a person', () => {
  expect(report.lines.map(isCorrectable)).toEqual([true, true, true, false, false]);
  expect([...proposed(report)]).toEqual(['c']);
  const chosen = toggle(toggle(proposed(report), 'a'), 'gone');
  expect(ticked(report, chosen)).toEqual(['a', 'c']);
  expect(ticked(report, toggle(chosen, 'c'))).toEqual(['a']);
});

test('one stock-take is open at a time', () => {
  const card = (id: string, closed_at: string | null): StockTakeCard => ({ id, closed_at }) as StockTakeCard;
  expect(openOne([card('2', null), card('1', '2026-10-01T08:00:00Z')])?.id).toBe('2');
  expect(openOne([card('1', '2026-10-01T08:00:00Z')])).toBeUndefined();
});
