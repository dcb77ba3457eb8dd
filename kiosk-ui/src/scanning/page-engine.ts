// Frames read in the page by a worker, and what they mean asked of the service. A worker that dies is replaced.
import type { Resolution, SeenCode } from '../api/types';
import type { Engine, EngineEvents, Frame } from './engine';
import type { FromWorker, PageReading, ToWorker } from './protocol';
import { Resolver } from './resolver';

/** An answer later than this will not come. */
const ANSWER_MS = 3_000;
/** So many workers in a row that answered nothing: no further one would. */
const MOST_DEATHS = 3;
/** A code that counted and could not be asked about counts when it can, within this. */
const OWED_MS = 5_000;

/** What the engine needs of a worker. */
export interface ReaderWorker {
  onmessage: ((message: MessageEvent<FromWorker>) => void) | null;
  onmessageerror: ((event: MessageEvent) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  postMessage(message: ToWorker, transfer: Transferable[]): void;
  terminate(): void;
}

export interface PageParts {
  module: Promise<WebAssembly.Module>;
  worker(): ReaderWorker;
  resolve(codes: string[]): Promise<Resolution[]>;
}

export class PageEngine implements Engine {
  readonly luma = true;
  readonly #resolver: Resolver;
  readonly #owed = new Map<string, number>();
  #module: WebAssembly.Module | null = null;
  #worker: ReaderWorker | null = null;
  #state: 'starting' | 'idle' | 'reading' | 'asking' | 'closed' = 'starting';
  #late: ReturnType<typeof setTimeout> | undefined;
  #deaths = 0;

  constructor(readonly parts: PageParts, readonly events: EngineEvents, readonly gaveUp: () => void) {
    this.#resolver = new Resolver(parts.resolve, events);
    parts.module.then(
      (module) => {
        this.#module = module;
        this.#start();
      },
      () => this.#giveUp(),
    );
  }

  get idle(): boolean {
    return this.#state === 'idle';
  }

  send(frame: Frame): void {
    if (!this.idle || !(frame instanceof ArrayBuffer)) return;
    this.#state = 'reading';
    this.#wait();
    this.#worker?.postMessage({ kind: 'read', frame, effort: 0, nowMs: performance.now() }, [frame]);
  }

  close(): void {
    this.#state = 'closed';
    this.#end();
    this.#resolver.close();
  }

  #start(): void {
    if (this.#state === 'closed' || !this.#module) return;
    this.#state = 'starting';
    this.#wait();
    try {
      const worker = this.parts.worker();
      this.#worker = worker;
      worker.onmessage = ({ data }) => void this.#heard(data);
      worker.onerror = worker.onmessageerror = () => this.#died();
      worker.postMessage({ kind: 'start', module: this.#module }, []);
    } catch {
      this.#died();
    }
  }

  async #heard(answer: FromWorker): Promise<void> {
    clearTimeout(this.#late);
    if (answer.kind === 'ready') {
      this.#state = 'idle';
      return;
    }
    this.#deaths = 0;
    this.#state = 'asking';
    this.events.spare(answer.frame);
    const known = await this.#resolver.resolve(answer.readings.map((reading) => reading.text));
    if (this.#closed) return;
    const readings = answer.readings.flatMap((reading) => this.#seen(reading, known.get(reading.text)) ?? []);
    this.events.seen({ width: answer.width, height: answer.height, decode_ms: answer.ms, readings, dropped: 0 });
    // A worker that died meanwhile is starting again.
    if (this.#state === 'asking') this.#state = 'idle';
  }

  /** A code of which the service did not speak is not shown yet: nobody knows what it is. */
  #seen(reading: PageReading, resolution: Resolution | undefined): SeenCode | null {
    const key = `${reading.symbology} ${reading.text}`;
    const now = performance.now();
    if (!resolution) {
      if (reading.confirmed) this.#owed.set(key, now);
      return null;
    }
    const owed = now - (this.#owed.get(key) ?? -Infinity) <= OWED_MS;
    this.#owed.delete(key);
    const { symbology, text, corners } = reading;
    return { symbology, text, corners, confirmed: reading.confirmed || owed, resolution };
  }

  get #closed(): boolean {
    return this.#state === 'closed';
  }

  #wait(): void {
    clearTimeout(this.#late);
    this.#late = setTimeout(() => this.#died(), ANSWER_MS);
  }

  #died(): void {
    if (this.#closed) return;
    this.#end();
    if (++this.#deaths >= MOST_DEATHS) this.#giveUp();
    else this.#start();
  }

  #giveUp(): void {
    if (this.#closed) return;
    this.close();
    this.gaveUp();
  }

  #end(): void {
    clearTimeout(this.#late);
    if (!this.#worker) return;
    this.#worker.onmessage = this.#worker.onerror = this.#worker.onmessageerror = null;
    this.#worker.terminate();
    this.#worker = null;
  }
}
