// What codes mean, asked of the service: a text it answered is not asked again for some seconds. Its questions are
// also how a page that reads by itself notices that the service is gone.
import { Refused } from '../api/client';
import type { Resolution } from '../api/types';

/** What a laptop or a pupil is may change at another desk: a hand-over is decided by the service all the same. */
const KNOWN_MS = 4_000;
/** Without a code in view, the service is asked for a sign of life so often. */
const SIGN_MS = 4_000;
const FIRST_RETRY_MS = 500;
const MOST_RETRY_MS = 8_000;
/** As the service limits a question. */
const MOST_CODES = 64;

export interface ResolverEvents {
  link(open: boolean): void;
  failed(sentence: string): void;
}

export class Resolver {
  readonly #known = new Map<string, { resolution: Resolution; atMs: number }>();
  #retry = FIRST_RETRY_MS;
  #notBefore = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(
    readonly ask: (codes: string[]) => Promise<Resolution[]>,
    readonly events: ResolverEvents,
    readonly clock: () => number = () => performance.now(),
  ) {
    void this.#sign();
  }

  /** What each text means; those are missing of which the service did not speak. */
  async resolve(texts: string[]): Promise<Map<string, Resolution>> {
    const now = this.clock();
    for (const [text, { atMs }] of this.#known) if (now - atMs > KNOWN_MS) this.#known.delete(text);
    const open = [...new Set(texts)].filter((text) => !this.#known.has(text)).slice(0, MOST_CODES);
    if (open.length > 0 && now >= this.#notBefore) await this.#asked(open);
    return new Map(texts.flatMap((text) => {
      const known = this.#known.get(text);
      return known ? [[text, known.resolution] as const] : [];
    }));
  }

  /** What was known may have changed: everything is asked again. */
  forget(): void {
    this.#known.clear();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  async #sign(): Promise<void> {
    await this.#asked([]);
  }

  async #asked(codes: string[]): Promise<void> {
    clearTimeout(this.#timer);
    let wait = SIGN_MS;
    try {
      const resolutions = await this.ask(codes);
      if (this.#closed) return;
      const atMs = this.clock();
      codes.forEach((text, place) => {
        const resolution = resolutions[place];
        if (resolution) this.#known.set(text, { resolution, atMs });
      });
      this.#retry = FIRST_RETRY_MS;
      this.#notBefore = 0;
      this.events.link(true);
    } catch (error) {
      if (this.#closed) return;
      wait = this.#retry;
      this.#notBefore = this.clock() + wait;
      this.#retry = Math.min(this.#retry * 2, MOST_RETRY_MS);
      if (error instanceof Refused) this.events.failed(error.problem.detail);
      else this.events.link(false);
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#sign(), wait);
  }
}
