// What the service tells of a file before it is taken: what it is, or its columns when it is a table nobody knows.

/** Which column is which field, as somebody has said. */
export interface Layout {
  kind: string;
  sheet: string;
  /** From 1, as a person sees it; 0 without titles. */
  header_row: number;
  /** The place of the column of each field, from 0. */
  columns: Record<string, number>;
}

export interface TableColumn {
  title: string;
  examples: string[];
}

export interface TableSheet {
  name: string;
  header_row: number;
  columns: TableColumn[];
  /** For each kind that the sheet could be: the column of each field. */
  guesses: Record<string, Record<string, number>>;
}

export interface TableField {
  key: string;
  label: string;
  /** `one_of`: one of those so marked. */
  need: 'yes' | 'one_of' | 'no';
}

export interface TableKind {
  kind: string;
  label: string;
  fields: TableField[];
}

export interface Table {
  sheets: TableSheet[];
  kinds: TableKind[];
  /** What was said of this layout before, or else the surest guess. */
  proposed: Layout | null;
  remembered: boolean;
}

export interface FilePreview {
  kind: string | null;
  kind_label: string | null;
  table: Table | null;
}
