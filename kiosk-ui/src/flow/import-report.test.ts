import { expect, test } from 'vitest';
import type { ImportChange, ImportCounts, ImportIssue, ThingCounts } from '../api/types';
import { byThing, faults, fields, filteredChanges, filteredIssues, heldBy, leavers, natures, suspiciouslyGone, waiting } from './import-report';

const of = (figures: Partial<ThingCounts>): ThingCounts => ({ read: 0, added: 0, changed: 0, unchanged: 0, gone: 0, ...figures });
const counts = (by_thing: Record<string, ThingCounts>): ImportCounts => ({ ...of({}), refused: 0, warnings: 0, left: 0, to_confirm: 0, by_thing });

const change = (label: string, action: string, thing = 'students', details: ImportChange['details'] = []): ImportChange => ({ label, action, thing, details });
const leaving = change('Lou MARNEVAL', 'gone', 'students', [{ field: 'Détient', before: null, after: '5CD0217XKJ' }]);
const changes = [
  change('Zoé GRÂCEVERTE', 'added'), change('Ana SOLVEIG', 'changed', 'students', [{ field: 'Classe', before: '2GT1', after: '2GT2' }]),
  leaving, change('M. SOLVEIG', 'added', 'guardians'),
];

const issue = (row: number | null, code: string, severity: string, column: string, expected: string): ImportIssue => ({ row, code, severity, column, expected, read: null, message: '' });
const issues = [
  issue(2, 'bad_serial', 'error', 'N° de série', '10 caractères'), issue(5, 'confirm_match', 'warning', 'Nom', '9910001'),
  issue(6, 'shared_ine', 'warning', 'INE', 'un INE par élève'), issue(7, 'shared_ine', 'warning', 'INE', 'un INE par élève'),
];

test('figures are shown of what the file speaks of', () => {
  expect(byThing(counts({ students: of({ read: 3, added: 3 }), badges: of({}) })).map(([thing]) => thing)).toEqual(['students']);
});

test('a list that leaves out more than a fifth of the pupils is doubted; guardians are no sign of it', () => {
  expect(suspiciouslyGone(counts({ students: of({ gone: 21, unchanged: 79 }) }))).toBe(21);
  expect(suspiciouslyGone(counts({ students: of({ gone: 20, unchanged: 80 }) }))).toBe(0);
  expect(suspiciouslyGone(counts({ links: of({ gone: 50 }) }))).toBe(0);
});

test('who leaves with a laptop is told, and stands first', () => {
  expect(leavers(changes)).toEqual([leaving]);
  expect(heldBy(leaving)).toBe('5CD0217XKJ');
  expect(fields(leaving)).toEqual([]);
  expect(filteredChanges(changes, { action: '', thing: '', text: '' })[0]).toBe(leaving);
});

test('what changes is told field by field, a class by its parts', () => {
  expect(fields(changes[1]!)).toEqual([{ name: 'Classe', before: '2GT1', after: '2GT2' }]);
  const known = { thing: 'class', source: 'sts', code: '2GT1', label: 'Seconde 1', mefs: ['20010018110'], expected: 34 };
  const told = (before: object | null, after: object | null) =>
    fields(change('2GT1', 'changed', 'references', [{ field: 'Contenu', before: before && JSON.stringify(before), after: after && JSON.stringify(after) }]));
  expect(told(known, { ...known, expected: 35 })).toEqual([{ name: 'expected', before: 34, after: 35 }]);
  expect(told(null, { ...known, mefs: [], expected: null })).toEqual([{ name: 'label', before: null, after: 'Seconde 1' }]);
});

test('changes are filtered by action, thing and text', () => {
  const labels = (filter: object) => filteredChanges(changes, { action: '', thing: '', text: '', ...filter }).map((one) => one.label);
  expect(labels({ action: 'added' })).toEqual(['Zoé GRÂCEVERTE', 'M. SOLVEIG']);
  expect(labels({ thing: 'guardians' })).toEqual(['M. SOLVEIG']);
  expect(labels({ text: ' 2gt2 ' })).toEqual(['Ana SOLVEIG']);
  expect(labels({ text: 'students' })).not.toContain('M. SOLVEIG');
});

test('rows that wait for a word are no faults', () => {
  expect(waiting(issues).map((one) => one.row)).toEqual([5]);
  expect(faults(issues).map((one) => one.row)).toEqual([2, 6, 7]);
});

test('issues are filtered by severity and code, and text is looked for in what they say', () => {
  expect(filteredIssues(issues, { severity: 'error', code: '', text: '' }).map((one) => one.row)).toEqual([2]);
  expect(filteredIssues(issues, { severity: '', code: 'shared_ine', text: '' }).map((one) => one.row)).toEqual([6, 7]);
  expect(filteredIssues(issues, { severity: '', code: '', text: 'série' }).map((one) => one.row)).toEqual([2]);
  // The names of the fields are not what an issue says.
  expect(filteredIssues(issues, { severity: '', code: '', text: 'message' })).toEqual([]);
});

test('kinds of issues are named by what was expected, the most frequent first', () => {
  expect(natures(faults(issues))).toEqual([
    { code: 'shared_ine', word: 'INE : un INE par élève', count: 2 }, { code: 'bad_serial', word: 'N° de série : 10 caractères', count: 1 },
  ]);
});
