// One file on its way in: looked at, sent, read, shown, then applied or discarded.
import { imports as service, upload } from '../api/imports';
import { Refused } from '../api/client';
import type { ImportState, Layout, Table } from '../api/types';
import { uuidv7 } from '../api/uuid';
import { HEAD_BYTES, MOST_BYTES, isUnderWay, looksLikeXml, nextAfter, nextFor, rate } from '../flow/incoming';
import { type Trouble, trouble } from '../parts/problems';
import { w } from '../words';
import { untilAnswered } from './answered';

const LOOK_AGAIN_MS = 250;

export type Step =
  | { at: 'waiting' | 'looking' | 'accounts' | 'stopped' }
  | { at: 'mapping'; table: Table }
  | { at: 'sending'; share: number }
  | { at: 'failed'; why: Trouble; isRefused: boolean }
  | { at: 'taken'; import: ImportState };

export class Incoming {
  readonly key = uuidv7();
  step = $state.raw<Step>({ at: 'waiting' });
  /** Rows a second while it is read. */
  rate = $state(0);
  busy = $state(false);
  wrong = $state.raw<Trouble | null>(null);
  #stop = new AbortController();

  constructor(
    readonly name: string,
    /** The zip it came in. */
    readonly folder: string | null,
    readonly file: File | null,
  ) {}

  /** One that the service has already. */
  static of(found: ImportState, folder: string | null = null): Incoming {
    const known = new Incoming(found.file_name, folder, null);
    known.step = { at: 'taken', import: found };
    return known;
  }

  get import(): ImportState | null {
    return this.step.at === 'taken' ? this.step.import : null;
  }

  /** Where it is, as a word. */
  get word(): string {
    const { step } = this;
    if (step.at === 'taken') return w.importsState[step.import.state] ?? step.import.state;
    return step.at === 'failed' && step.isRefused ? (w.importsState['refused'] ?? '') : w.importsSteps[step.at];
  }

  /** Nobody has anything to decide any more. */
  get isDecided(): boolean {
    return ['applied', 'discarded', 'undone', 'refused'].includes(this.import?.state ?? '') || this.step.at === 'failed' || this.step.at === 'stopped';
  }

  /** Finds out what it is, and sends it unless somebody must say more. Answers what it became. */
  async begin(): Promise<ImportState | null> {
    const { file } = this;
    if (!file || this.step.at !== 'waiting') return null;
    if (file.size > MOST_BYTES) {
      this.step = { at: 'failed', why: { title: w.importsTooLarge, sentence: w.importsTooLargeWhy, remedy: w.importsTooLargeRemedy }, isRefused: true };
      return null;
    }
    try {
      this.step = { at: 'looking' };
      const next = await this.#look(file);
      if (next === 'send') return await this.#send(file, null);
      if (!this.#stop.signal.aborted) this.step = next;
    } catch (error) {
      if (!this.#stop.signal.aborted) this.step = { at: 'failed', why: trouble(error), isRefused: error instanceof Refused };
    }
    return null;
  }

  /** Sends a table whose columns somebody has described. */
  async describe(layout: Layout): Promise<ImportState | null> {
    if (!this.file || this.step.at !== 'mapping') return null;
    const { step } = this;
    try {
      return await this.#send(this.file, layout);
    } catch (error) {
      if (this.#stop.signal.aborted) return null;
      // The answers are worth another try.
      this.step = step;
      this.wrong = trouble(error);
      return null;
    }
  }

  /** Waits until the service has read it, or is done with it. */
  async follow(found: ImportState): Promise<void> {
    const from = performance.now();
    this.step = { at: 'taken', import: found };
    for (let now = found; isUnderWay(now.state) && !this.#stop.signal.aborted; ) {
      await new Promise((resume) => setTimeout(resume, LOOK_AGAIN_MS));
      now = await untilAnswered(() => service.show(found.id), () => undefined);
      this.rate = rate(now.progress.rows, performance.now() - from);
      this.step = { at: 'taken', import: now };
    }
  }

  /** Ends it, wherever it is: what was read so far is left alone. */
  async stop(): Promise<void> {
    if (this.import?.state === 'reading') return this.#decide((id) => service.discard(id));
    this.#stop.abort();
    this.step = { at: 'stopped' };
  }

  /** Nobody looks any more. */
  leave(): void {
    this.#stop.abort();
  }

  apply(): Promise<void> {
    const staged = this.import;
    if (staged) this.step = { at: 'taken', import: { ...staged, state: 'applying' } };
    return this.#decide(async (id) => ({ ...(staged?.report ? { report: staged.report } : {}), ...(await service.apply(id)) }));
  }

  discard(): Promise<void> {
    return this.#decide((id) => service.discard(id));
  }

  undo(reason: string): Promise<void> {
    return this.#decide((id) => service.undo(id, reason));
  }

  /** What somebody says of one row, or of all that wait. */
  confirm(row: number | null, isSame: boolean): Promise<void> {
    return this.#decide((id) => service.confirm(id, row, isSame));
  }

  /** A decision; when it is refused, what the service has now is shown beside the reason. */
  async #decide(decision: (id: string) => Promise<ImportState>): Promise<void> {
    const id = this.import?.id;
    if (!id || this.busy) return;
    this.busy = true;
    this.wrong = null;
    try {
      this.step = { at: 'taken', import: await decision(id) };
    } catch (error) {
      this.wrong = trouble(error);
      await service.show(id).then((now) => (this.step = { at: 'taken', import: now }), () => undefined);
    } finally {
      this.busy = false;
    }
  }

  async #send(file: File, layout: Layout | null): Promise<ImportState> {
    this.#stop.signal.throwIfAborted();
    this.wrong = null;
    this.step = { at: 'sending', share: 0 };
    return upload(file, { layout, signal: this.#stop.signal, progress: (share) => (this.step = { at: 'sending', share }) });
  }

  /** Whether it is sent as it is, or what must be asked about it. */
  async #look(file: File): Promise<'send' | Step> {
    if (looksLikeXml(new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer()))) return 'send';
    try {
      const preview = await service.preview(file);
      const next = nextFor(preview);
      if (next === 'mapping' && preview.table) return { at: 'mapping', table: preview.table };
      return next === 'accounts' ? { at: 'accounts' } : 'send';
    } catch (error) {
      const next = error instanceof Refused ? nextAfter(error.problem.code) : null;
      if (next === 'send') return 'send';
      if (next === 'accounts') return { at: 'accounts' };
      throw error;
    }
  }
}
