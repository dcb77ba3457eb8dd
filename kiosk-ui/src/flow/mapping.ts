// Describing a table that nobody knows: which of its columns is which of our fields.
import type { Layout, Table, TableColumn, TableField, TableKind, TableSheet } from '../api/previews';

/** What is shown first: what was said of this layout before, else nothing but the first sheet. */
export function beginning(table: Table): Layout {
  return table.remembered ?? nothing(table);
}

export function nothing(table: Table): Layout {
  const sheet = table.sheets[0];
  return { kind: '', sheet: sheet?.name ?? '', header_row: sheet?.header_row ?? 0, columns: {} };
}

/** Another kind of list, with the columns that are guessed for it; a guess of another sheet leads there. */
export function asKind(table: Table, layout: Layout, kind: string): Layout {
  const guesses = table.guesses.filter((guess) => guess.kind === kind);
  const guess = guesses.find((one) => one.sheet === layout.sheet) ?? guesses[0];
  const sheet = table.sheets.find((one) => one.name === (guess?.sheet ?? layout.sheet));
  return { kind, sheet: sheet?.name ?? layout.sheet, header_row: sheet?.header_row ?? layout.header_row, columns: { ...guess?.columns } };
}

/** Another sheet, with the columns that are guessed there for the same kind. */
export function onSheet(table: Table, layout: Layout, name: string): Layout {
  const guess = table.guesses.find((one) => one.kind === layout.kind && one.sheet === name);
  const sheet = table.sheets.find((one) => one.name === name);
  return { ...layout, sheet: name, header_row: sheet?.header_row ?? 0, columns: { ...guess?.columns } };
}

/** A field's column; none takes it away. A column is of one field: another one that had it loses it. */
export function withColumn(layout: Layout, field: string, column: number | null): Layout {
  const others = Object.entries(layout.columns).filter(([key, place]) => key !== field && place !== column);
  return { ...layout, columns: Object.fromEntries(column === null ? others : [...others, [field, column]]) };
}

export function kindOf(table: Table, layout: Layout): TableKind | null {
  return table.kinds.find((one) => one.kind === layout.kind) ?? null;
}

export function sheetOf(table: Table, layout: Layout): TableSheet | null {
  return table.sheets.find((one) => one.name === layout.sheet) ?? null;
}

/** Needed fields without a column. */
export function missing(table: Table, layout: Layout): TableField[] {
  return (kindOf(table, layout)?.fields ?? []).filter((field) => field.needed && layout.columns[field.key] === undefined);
}

/** It can be read: its kind is said and each needed field has its column. */
export function isReady(table: Table, layout: Layout): boolean {
  return kindOf(table, layout) !== null && Object.keys(layout.columns).length > 0 && missing(table, layout).length === 0;
}

export interface Reading {
  field: TableField;
  column: TableColumn;
}

/** Each field with the column that it would be read from, in the order of the fields. */
export function readings(table: Table, layout: Layout): Reading[] {
  const columns = sheetOf(table, layout)?.columns ?? [];
  return (kindOf(table, layout)?.fields ?? []).flatMap((field) => {
    const column = columns.find((one) => one.index === layout.columns[field.key]);
    return column ? [{ field, column }] : [];
  });
}

/** Columns that no field is read from. */
export function unused(table: Table, layout: Layout): TableColumn[] {
  const used = Object.values(layout.columns);
  return (sheetOf(table, layout)?.columns ?? []).filter((column) => !used.includes(column.index));
}
