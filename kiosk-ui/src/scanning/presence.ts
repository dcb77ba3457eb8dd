// What the camera has in view: a code held up is one event, however long it stays.
import type { SeenCode } from '../api/types';

/** A code unseen for so long was taken away: shown again, it counts again. */
const GONE_AFTER_MS = 2_500;
/** A code seen within so long is still being held up. */
const IN_VIEW_MS = 700;

interface Held {
  code: SeenCode;
  confirmed: boolean;
  told: boolean;
  lastMs: number;
}

export interface Look {
  /** Codes that have just come to count. */
  fresh: SeenCode[];
  /** All confirmed codes held up at the moment. */
  inView: SeenCode[];
}

export class Presence {
  readonly #held = new Map<string, Held>();

  /** Takes a frame's codes at `nowMs`. A code without a checksum is confirmed once, and stays so while in view. */
  look(codes: SeenCode[], nowMs: number): Look {
    for (const [key, held] of this.#held) {
      if (nowMs - held.lastMs > GONE_AFTER_MS) this.#held.delete(key);
    }
    const fresh: SeenCode[] = [];
    for (const code of codes) {
      const key = keyOf(code);
      const held = this.#held.get(key) ?? { code, confirmed: false, told: false, lastMs: nowMs };
      held.code = code;
      held.lastMs = nowMs;
      held.confirmed ||= code.confirmed;
      this.#held.set(key, held);
      if (held.confirmed && !held.told) {
        held.told = true;
        fresh.push(code);
      }
    }
    const inView = [...this.#held.values()]
      .filter((held) => held.confirmed && nowMs - held.lastMs <= IN_VIEW_MS)
      .map((held) => held.code);
    return { fresh, inView };
  }

  /** Codes that were not taken in now: they count as fresh again while they are held up. */
  putBack(codes: SeenCode[]): void {
    for (const code of codes) {
      const held = this.#held.get(keyOf(code));
      if (held) held.told = false;
    }
  }
}

/** A code is its text: a label may carry its serial number as bars and as a matrix, and it is one event. */
function keyOf(code: SeenCode): string {
  return code.text;
}
