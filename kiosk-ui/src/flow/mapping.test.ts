import { describe, expect, test } from 'vitest';
import type { Layout, Table, TableField } from '../api/types';
import { asKind, beginning, isReady, missing, nothing, onSheet, readings, unused, withColumn } from './mapping';

const column = (title: string, ...examples: string[]) => ({ title, examples });
const field = (key: string, label: string, need: TableField['need']): TableField => ({ key, label, need });
const table: Table = {
  sheets: [
    { name: 'Lisez-moi', header_row: 1, columns: [column('Consigne', 'Voir la feuille suivante')], guesses: {} },
    {
      name: 'Liste', header_row: 3, columns: [column('Patronyme', 'GRÂCEVERTE'), column('Petit nom', 'Zoé'), column('Carte', 'A17', 'A18')],
      guesses: { mapped_students: { last_name: 0 } },
    },
  ],
  kinds: [
    { kind: 'mapped_students', label: 'élèves', fields: [field('last_name', 'Nom', 'yes'), field('first_name', 'Prénom', 'yes')] },
    { kind: 'badges', label: 'badges', fields: [field('code', 'Badge', 'yes'), field('ine', 'INE', 'one_of'), field('last_name', 'Nom', 'one_of')] },
  ],
  proposed: null,
  remembered: false,
};
const pupils = asKind(table, beginning(table), 'mapped_students');

describe('where it begins', () => {
  test('nothing is said where nothing can be guessed', () => {
    expect(beginning(table)).toEqual({ kind: '', sheet: 'Lisez-moi', header_row: 1, columns: {} });
    expect(beginning(table)).toEqual(nothing(table));
  });

  test('what is proposed stands', () => {
    const proposed: Layout = { kind: 'badges', sheet: 'Liste', header_row: 3, columns: { code: 2 } };
    expect(beginning({ ...table, proposed })).toBe(proposed);
  });
});

test('the kind brings its guesses and their sheet', () => {
  expect(pupils).toEqual({ kind: 'mapped_students', sheet: 'Liste', header_row: 3, columns: { last_name: 0 } });
});

test('a kind without a guess keeps the sheet and names no column', () => {
  expect(asKind(table, pupils, 'badges')).toEqual({ kind: 'badges', sheet: 'Liste', header_row: 3, columns: {} });
});

test('another sheet has its own titles and guesses', () => {
  expect(onSheet(table, pupils, 'Lisez-moi')).toEqual({ kind: 'mapped_students', sheet: 'Lisez-moi', header_row: 1, columns: {} });
  expect(onSheet(table, pupils, 'Liste').columns).toEqual({ last_name: 0 });
});

test('a column is of one field', () => {
  const moved = withColumn(pupils, 'first_name', 0);
  expect(moved.columns).toEqual({ first_name: 0 });
  expect(withColumn(moved, 'first_name', null).columns).toEqual({});
});

test('it is ready once each needed field has its column', () => {
  expect(isReady(table, beginning(table))).toBe(false);
  expect(missing(table, pupils).all.map((one) => one.label)).toEqual(['Prénom']);
  expect(isReady(table, pupils)).toBe(false);
  expect(isReady(table, withColumn(pupils, 'first_name', 1))).toBe(true);
});

test('of fields that stand for each other one is enough', () => {
  const badges = withColumn(asKind(table, pupils, 'badges'), 'code', 2);
  expect(missing(table, badges).oneOf.map((one) => one.label)).toEqual(['INE', 'Nom']);
  expect(isReady(table, badges)).toBe(false);
  expect(isReady(table, withColumn(badges, 'last_name', 0))).toBe(true);
});

test('what would be read is shown by field, and what would not by column', () => {
  const chosen = withColumn(pupils, 'first_name', 1);
  expect(readings(table, chosen).map(({ field: { label }, column: { examples } }) => [label, examples])).toEqual([['Nom', ['GRÂCEVERTE']], ['Prénom', ['Zoé']]]);
  expect(unused(table, chosen).map((one) => one.title)).toEqual(['Carte']);
});
