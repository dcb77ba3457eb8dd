import { describe, expect, test } from 'vitest';
import type { Layout, Table } from '../api/previews';
import { asKind, beginning, isReady, missing, onSheet, readings, unused, withColumn } from './mapping';

const column = (index: number, title: string, ...examples: string[]) => ({ index, title, examples });
const table: Table = {
  fingerprint: 'f00d',
  sheets: [
    { name: 'Lisez-moi', header_row: 1, columns: [column(0, 'Consigne', 'Voir la feuille suivante')] },
    { name: 'Liste', header_row: 3, columns: [column(0, 'Patronyme', 'GRÂCEVERTE'), column(1, 'Petit nom', 'Zoé'), column(2, 'Carte', 'A17', 'A18')] },
  ],
  kinds: [
    { kind: 'mapped_students', label: 'élèves', fields: [{ key: 'last_name', label: 'Nom', needed: true }, { key: 'first_name', label: 'Prénom', needed: true }] },
    { kind: 'badges', label: 'badges', fields: [{ key: 'code', label: 'Badge', needed: true }, { key: 'last_name', label: 'Nom', needed: false }] },
  ],
  guesses: [{ kind: 'mapped_students', sheet: 'Liste', columns: { last_name: 0 } }],
  remembered: null,
};

describe('where it begins', () => {
  test('nothing is said of a layout that is new', () => {
    expect(beginning(table)).toEqual({ kind: '', sheet: 'Lisez-moi', header_row: 1, columns: {} });
  });

  test('what was said of the layout before stands', () => {
    const remembered: Layout = { kind: 'badges', sheet: 'Liste', header_row: 3, columns: { code: 2 } };
    expect(beginning({ ...table, remembered })).toBe(remembered);
  });
});

test('the kind brings its guesses and their sheet', () => {
  expect(asKind(table, beginning(table), 'mapped_students')).toEqual({ kind: 'mapped_students', sheet: 'Liste', header_row: 3, columns: { last_name: 0 } });
});

test('a kind without a guess keeps the sheet and names no column', () => {
  const chosen = asKind(table, asKind(table, beginning(table), 'mapped_students'), 'badges');
  expect(chosen).toEqual({ kind: 'badges', sheet: 'Liste', header_row: 3, columns: {} });
});

test('another sheet has its own titles and guesses', () => {
  const chosen = asKind(table, beginning(table), 'mapped_students');
  expect(onSheet(table, chosen, 'Lisez-moi')).toEqual({ kind: 'mapped_students', sheet: 'Lisez-moi', header_row: 1, columns: {} });
  expect(onSheet(table, chosen, 'Liste').columns).toEqual({ last_name: 0 });
});

test('a column is of one field', () => {
  const chosen = withColumn(asKind(table, beginning(table), 'mapped_students'), 'first_name', 0);
  expect(chosen.columns).toEqual({ first_name: 0 });
  expect(withColumn(chosen, 'first_name', null).columns).toEqual({});
});

test('it is ready once each needed field has its column', () => {
  expect(isReady(table, beginning(table))).toBe(false);
  const chosen = asKind(table, beginning(table), 'mapped_students');
  expect(missing(table, chosen).map((field) => field.label)).toEqual(['Prénom']);
  expect(isReady(table, chosen)).toBe(false);
  expect(isReady(table, withColumn(chosen, 'first_name', 1))).toBe(true);
});

test('what would be read is shown by field, and what would not by column', () => {
  const chosen = withColumn(asKind(table, beginning(table), 'mapped_students'), 'first_name', 1);
  expect(readings(table, chosen).map(({ field, column: { examples } }) => [field.label, examples])).toEqual([['Nom', ['GRÂCEVERTE']], ['Prénom', ['Zoé']]]);
  expect(unused(table, chosen).map((one) => one.title)).toEqual(['Carte']);
});
