// The reader's module: choosing it, and calling it.
import { frameSize } from './luma';
import type { Effort, PageReading } from './protocol';

interface Exports {
  memory: WebAssembly.Memory;
  scanning_frame(bytes: number): number;
  scanning_read(width: number, height: number, effort: number, nowMs: number): number;
  scanning_result(): number;
}

/** The smallest module with a vector instruction: a browser that finds it valid has them. */
const SIMD = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
]);

export function hasSimd(): boolean {
  return WebAssembly.validate(SIMD);
}

/** The module asks for the time of each reading, at which nobody looks: every function it wants answers nothing. */
function silent(module: WebAssembly.Module): WebAssembly.Imports {
  const imports: Record<string, Record<string, () => number>> = {};
  for (const wanted of WebAssembly.Module.imports(module)) {
    if (wanted.kind === 'function') (imports[wanted.module] ??= {})[wanted.name] = () => 0;
  }
  return imports;
}

/** One running reader. A trap leaves it in no state to go on: make another. */
export class Reader {
  readonly #exports: Exports;

  constructor(module: WebAssembly.Module) {
    this.#exports = new WebAssembly.Instance(module, silent(module)).exports as unknown as Exports;
  }

  /** Readings of a frame with its header; a frame that is none has no readings. */
  read(frame: ArrayBuffer, effort: Effort, nowMs: number): PageReading[] {
    const size = frameSize(frame);
    if (!size) return [];
    const bytes = size.width * size.height;
    const at = this.#exports.scanning_frame(bytes);
    if (at === 0) return [];
    // The memory may have grown and moved: it is looked up for every access.
    new Uint8Array(this.#exports.memory.buffer, at, bytes).set(new Uint8Array(frame, 8, bytes));
    const length = this.#exports.scanning_read(size.width, size.height, effort, nowMs);
    const result = new Uint8Array(this.#exports.memory.buffer, this.#exports.scanning_result(), length);
    return JSON.parse(new TextDecoder().decode(result)) as PageReading[];
  }
}
