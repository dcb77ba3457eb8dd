// Describing a table that nobody knows: which of its columns is which of our fields.
import type { Layout, Table, TableColumn, TableField, TableKind, TableSheet } from '../api/types';

/** What is shown first: what was said of this layout before, or the surest guess. */
export function beginning(table: Table): Layout {
  return table.proposed ?? nothing(table);
}

export function nothing(table: Table): Layout {
  const sheet = table.sheets[0];
  return { kind: '', sheet: sheet?.name ?? '', header_row: sheet?.header_row ?? 0, columns: {} };
}

/** Another kind of list, with the columns that are guessed for it; a guess of another sheet leads there. */
export function asKind(table: Table, layout: Layout, kind: string): Layout {
  const here = sheetOf(table, layout);
  const sheet = [here, ...table.sheets].find((one) => one?.guesses[kind]) ?? here;
  return on(sheet, { ...layout, kind });
}

/** Another sheet, with the columns that are guessed there for the same kind. */
export function onSheet(table: Table, layout: Layout, name: string): Layout {
  return on(sheetOf(table, { ...layout, sheet: name }), layout);
}

function on(sheet: TableSheet | null, layout: Layout): Layout {
  return { kind: layout.kind, sheet: sheet?.name ?? '', header_row: sheet?.header_row ?? 0, columns: { ...sheet?.guesses[layout.kind] } };
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

export interface Missing {
  /** Each of them. */
  all: TableField[];
  /** One of them. */
  oneOf: TableField[];
}

/** Needed fields without a column. */
export function missing(table: Table, layout: Layout): Missing {
  const fields = kindOf(table, layout)?.fields ?? [];
  const has = (field: TableField) => layout.columns[field.key] !== undefined;
  const choice = fields.filter((field) => field.need === 'one_of');
  return { all: fields.filter((field) => field.need === 'yes' && !has(field)), oneOf: choice.some(has) ? [] : choice };
}

/** It can be read: its kind is said and each needed field has its column. */
export function isReady(table: Table, layout: Layout): boolean {
  const { all, oneOf } = missing(table, layout);
  return kindOf(table, layout) !== null && Object.keys(layout.columns).length > 0 && all.length + oneOf.length === 0;
}

export interface Reading {
  field: TableField;
  column: TableColumn;
}

/** Each field with the column that it would be read from, in the order of the fields. */
export function readings(table: Table, layout: Layout): Reading[] {
  const columns = sheetOf(table, layout)?.columns ?? [];
  return (kindOf(table, layout)?.fields ?? []).flatMap((field) => {
    const column = columns[layout.columns[field.key] ?? -1];
    return column ? [{ field, column }] : [];
  });
}

/** Columns that no field is read from. */
export function unused(table: Table, layout: Layout): TableColumn[] {
  const used = Object.values(layout.columns);
  return (sheetOf(table, layout)?.columns ?? []).filter((_, place) => !used.includes(place));
}
