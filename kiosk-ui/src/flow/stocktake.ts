// The thinking of the mode Inventaire: how far the count is, and which corrections are proposed. Pure.
import type { StockTakeCard, StockTakeLine, StockTakeReport } from '../api/types';

export type Finding = 'missing' | 'unexpected' | 'unknown';
export const FINDINGS: readonly Finding[] = ['unexpected', 'unknown', 'missing'];

export function linesOf(report: StockTakeReport, finding: Finding): StockTakeLine[] {
  return report.lines.filter((line) => line.finding === finding);
}

export interface Counts {
  expected: number;
  found: number;
  missing: number;
  unexpected: number;
  unknown: number;
}

export function counts(report: StockTakeReport): Counts {
  return {
    expected: report.expected, found: report.found, missing: Math.max(0, report.expected - report.found),
    unexpected: linesOf(report, 'unexpected').length, unknown: linesOf(report, 'unknown').length,
  };
}

/** Whether the programme knows what would put the line right. */
export function isCorrectable(line: StockTakeLine): boolean {
  return line.device_id != null && line.proposal != null;
}

/** What was seen is believed at once; that something is lost is for a person to say, line by line. */
export function proposed(report: StockTakeReport): Set<string> {
  return new Set(report.lines.filter((line) => isCorrectable(line) && line.finding === 'unexpected').flatMap((line) => line.device_id ?? []));
}

/** What is still ticked of what can be corrected now. */
export function ticked(report: StockTakeReport, chosen: ReadonlySet<string>): string[] {
  return report.lines.flatMap((line) => (isCorrectable(line) && line.device_id && chosen.has(line.device_id) ? [line.device_id] : []));
}

export function toggle(chosen: ReadonlySet<string>, id: string): Set<string> {
  const next = new Set(chosen);
  if (!next.delete(id)) next.add(id);
  return next;
}

export function openOne(list: readonly StockTakeCard[]): StockTakeCard | undefined {
  return list.find((one) => !one.closed_at);
}
