// What somebody looks for in the report of a file: figures by thing, who leaves with a laptop, which rows wait for a word.
import type { ImportChange, ImportCounts, ImportIssue, ThingCounts } from '../api/types';

/** Share of the pupils known so far; a list that leaves out more is likely to be of one class only. */
const MANY_GONE = 0.2;
/** The service's name of the field that tells what somebody who leaves still holds. */
const HELD = 'Détient';
const WAITS = 'confirm_match';
/** The service's name of the field that tells a reference as a whole. */
const CONTENT = 'Contenu';
const FOR_MACHINES = new Set(['thing', 'id', 'source', 'origin', 'code']);

export const COLUMNS = ['read', 'added', 'changed', 'unchanged', 'gone'] as const satisfies readonly (keyof ThingCounts)[];

/** Figures of each thing that the file speaks of. */
export function byThing(counts: ImportCounts): [string, ThingCounts][] {
  return Object.entries(counts.by_thing).filter(([, of]) => COLUMNS.some((column) => of[column] > 0));
}

export const effects = (counts: ImportCounts): number => counts.added + counts.changed + counts.gone;

/** How many pupils are gone, when they are so many that the list may be of a part of the school. */
export function suspiciouslyGone({ by_thing }: ImportCounts): number {
  const pupils = by_thing['students'];
  if (!pupils) return 0;
  return pupils.gone > MANY_GONE * (pupils.gone + pupils.changed + pupils.unchanged) ? pupils.gone : 0;
}

/** The laptop in the hands of who leaves, by its serial number. */
export function heldBy(change: ImportChange): string | null {
  return change.details.find((detail) => detail.field === HELD)?.after ?? null;
}

export interface Field {
  name: string;
  before: unknown;
  after: unknown;
}

/** What changes, field by field, beside the laptop that somebody who leaves still holds. */
export function fields(change: ImportChange): Field[] {
  return change.details
    .filter((detail) => detail.field !== HELD)
    .flatMap(({ field, before, after }) => (field === CONTENT ? contents(before, after) : [{ name: field, before, after }]));
}

/** A class, a course or a licence is told as one object: its parts that differ, without those that only machines use. */
function contents(before: string | null | undefined, after: string | null | undefined): Field[] {
  const [was, is] = [parts(before), parts(after)];
  return [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .filter((name) => !FOR_MACHINES.has(name) && JSON.stringify(was[name] ?? null) !== JSON.stringify(is[name] ?? null))
    .map((name) => ({ name, before: was[name] ?? null, after: is[name] ?? null }))
    .filter(({ before: old, after: now }) => !isEmpty(old) || !isEmpty(now));
}

const isEmpty = (value: unknown) => value === null || (Array.isArray(value) && value.length === 0);

function parts(text: string | null | undefined): Record<string, unknown> {
  try {
    return { ...(JSON.parse(text ?? '{}') as object) };
  } catch {
    return {};
  }
}

export const leavers = (changes: readonly ImportChange[]) => changes.filter((change) => heldBy(change) !== null);

export interface ChangeFilter {
  action: string;
  thing: string;
  text: string;
}

/** Changes that the filter lets through, those of leavers with a laptop first. */
export function filteredChanges(changes: readonly ImportChange[], { action, thing, text }: ChangeFilter): ImportChange[] {
  const found = changes.filter((change) => (action === '' || change.action === action) && (thing === '' || change.thing === thing) && says(change, text));
  return [...leavers(found), ...found.filter((change) => heldBy(change) === null)];
}

export interface IssueFilter {
  severity: string;
  code: string;
  text: string;
}

/** Issues that the filter lets through; rows that wait for a word stand elsewhere. */
export function filteredIssues(issues: readonly ImportIssue[], { severity, code, text }: IssueFilter): ImportIssue[] {
  return issues.filter((issue) => (severity === '' || issue.severity === severity) && (code === '' || issue.code === code) && says(issue, text));
}

export const waiting = (issues: readonly ImportIssue[]) => issues.filter((issue) => issue.code === WAITS && issue.row != null);

export const faults = (issues: readonly ImportIssue[]) => issues.filter((issue) => issue.code !== WAITS);

export interface Nature {
  code: string;
  /** What was expected where, of the first of them: codes are for machines. */
  word: string;
  count: number;
}

/** Kinds of issues, the most frequent first. */
export function natures(issues: readonly ImportIssue[]): Nature[] {
  const found = new Map<string, Nature>();
  for (const { code, column, expected } of issues) {
    const known = found.get(code);
    if (known) known.count++;
    else found.set(code, { code, word: [column, expected].filter(Boolean).join(' : '), count: 1 });
  }
  return [...found.values()].sort((a, b) => b.count - a.count);
}

function says(row: object, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  return wanted === '' || JSON.stringify(Object.values(row)).toLowerCase().includes(wanted);
}
