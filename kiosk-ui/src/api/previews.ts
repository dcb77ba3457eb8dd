// What the service tells of a file before it is taken: what it is, or its columns when it is a table nobody knows.

/** Which column is which field, as somebody has said. */
export interface Layout {
  kind: string;
  sheet: string;
  /** From 1, as a person sees it; 0 without titles. */
  header_row: number;
  columns: Record<string, number>;
}

export interface TableColumn {
  index: number;
  title: string;
  examples: string[];
}

export interface TableSheet {
  name: string;
  header_row: number;
  columns: TableColumn[];
}

export interface TableField {
  key: string;
  label: string;
  needed: boolean;
}

export interface TableKind {
  kind: string;
  label: string;
  fields: TableField[];
}

export interface Table {
  fingerprint: string;
  sheets: TableSheet[];
  kinds: TableKind[];
  guesses: { kind: string; sheet: string; columns: Record<string, number> }[];
  remembered: Layout | null;
}

export interface FilePreview {
  kind: string | null;
  kind_label: string | null;
  table: Table | null;
}
