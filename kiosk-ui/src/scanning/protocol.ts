// What the page and its worker say to each other.

/** A reading as the module gives it. */
export interface PageReading {
  symbology: string;
  text: string;
  corners: [[number, number], [number, number], [number, number], [number, number]];
  module: number;
  votes: number;
  checked: boolean;
  upside_down: boolean;
  inverted: boolean;
  confirmed: boolean;
}

/** 0 for a live camera, 1 for a picture that nothing follows. */
export type Effort = 0 | 1;

export type ToWorker =
  | { kind: 'start'; module: WebAssembly.Module }
  /** A frame with its header; the memory comes back. */
  | { kind: 'read'; frame: ArrayBuffer; effort: Effort; nowMs: number };

export type FromWorker =
  | { kind: 'ready' }
  | { kind: 'read'; frame: ArrayBuffer; width: number; height: number; ms: number; readings: PageReading[] };
