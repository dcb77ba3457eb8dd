// One file on its way in: sent, read, shown, then recorded or discarded.
import { imports as service, upload } from '../api/imports';
import type { ImportState } from '../api/types';
import { type Trouble, trouble } from '../parts/problems';
import { w } from '../words';

const LOOK_AGAIN_MS = 250;
/** What the service takes; a browser that is told so while sending sees a broken connection. */
const MOST_BYTES = 256 * 1024 * 1024;
const UNDER_WAY = ['reading', 'applying'];

export class ImportsState {
  current = $state.raw<ImportState | null>(null);
  /** Share of the file sent, 0 to 1; absent when nothing is being sent. */
  sent = $state<number | null>(null);
  history = $state.raw<ImportState[]>([]);
  wrong = $state.raw<Trouble | null>(null);

  async load(): Promise<void> {
    await this.#tell(async () => void (this.history = await service.list()));
  }

  async take(file: File): Promise<void> {
    this.current = null;
    if (file.size > MOST_BYTES) {
      this.wrong = { title: w.importsTooLarge, sentence: w.importsTooLargeWhy, remedy: w.importsTooLargeRemedy };
      return;
    }
    this.sent = 0;
    await this.#tell(async () => {
      const started = await upload(file, (share) => (this.sent = share));
      this.sent = null;
      await this.#follow(started);
    });
    this.sent = null;
    await this.load();
  }

  async open(id: string): Promise<void> {
    await this.#tell(async () => this.#follow(await service.show(id)));
  }

  async apply(): Promise<void> {
    await this.#decide((id) => service.apply(id));
  }

  async discard(): Promise<void> {
    await this.#decide((id) => service.discard(id));
  }

  another(): void {
    this.current = null;
    this.wrong = null;
  }

  async #decide(decision: (id: string) => Promise<ImportState>): Promise<void> {
    const staged = this.current;
    if (!staged) return;
    this.current = { ...staged, state: 'applying' };
    const done = await this.#tell(async () => this.#follow({ report: staged.report, ...(await decision(staged.id)) }));
    if (!done) await this.#tell(async () => void (this.current = await service.show(staged.id)), false);
    await this.load();
  }

  async #follow(started: ImportState): Promise<void> {
    this.current = started;
    while (this.current?.id === started.id && UNDER_WAY.includes(this.current.state)) {
      await new Promise((resume) => setTimeout(resume, LOOK_AGAIN_MS));
      this.current = await service.show(started.id);
    }
  }

  async #tell(work: () => Promise<void>, forget = true): Promise<boolean> {
    if (forget) this.wrong = null;
    try {
      await work();
      return true;
    } catch (error) {
      this.wrong = trouble(error);
      return false;
    }
  }
}
