// Files of the school: those just dropped, one after the other, and those of before.
import { imports as service } from '../api/imports';
import type { ImportState, Layout } from '../api/types';
import { type Trouble, trouble } from '../parts/problems';
import { Incoming } from './incoming.svelte';

export class ImportsState {
  lines = $state.raw<Incoming[]>([]);
  /** The one whose report, or question, is open. */
  open = $state.raw<Incoming | null>(null);
  history = $state.raw<ImportState[]>([]);
  wrong = $state.raw<Trouble | null>(null);
  #working = false;

  async load(): Promise<void> {
    try {
      this.history = await service.list();
      this.wrong = null;
    } catch (error) {
      this.wrong = trouble(error);
    }
  }

  /** Files are worked on one after the other: a list is read faster alone, and guardians come after their pupils. */
  async take(files: readonly File[]): Promise<void> {
    this.lines = [...this.lines, ...files.map((file) => new Incoming(file.name, null, file))];
    if (this.open?.isDecided) this.open = null;
    if (this.#working) return;
    this.#working = true;
    for (let next = this.#waiting(); next; next = this.#waiting()) await this.#became(next, await next.begin());
    this.#working = false;
  }

  async describe(line: Incoming, layout: Layout): Promise<void> {
    await this.#became(line, await line.describe(layout));
  }

  /** Opens one of before, or the line that it still has. */
  async reopen(id: string): Promise<void> {
    let line = this.lines.find((one) => one.import?.id === id);
    try {
      line ??= Incoming.of(await service.show(id));
    } catch (error) {
      this.wrong = trouble(error);
      return;
    }
    if (!this.lines.includes(line)) this.lines = [...this.lines, line];
    this.open = line;
    if (line.import) await line.follow(line.import);
  }

  remove(line: Incoming): void {
    line.leave();
    this.lines = this.lines.filter((one) => one !== line);
    if (this.open === line) this.open = null;
  }

  /** After a decision: the list of before tells of it too. */
  async decide(line: Incoming, decision: (line: Incoming) => Promise<void>): Promise<void> {
    await decision(line);
    await this.load();
  }

  /** The next line that waits for somebody, after the open one. */
  get next(): Incoming | null {
    return this.lines.find((line) => line !== this.open && asks(line)) ?? null;
  }

  leave(): void {
    for (const line of this.lines) line.leave();
  }

  #waiting(): Incoming | undefined {
    return this.lines.find((line) => line.step.at === 'waiting');
  }

  /** A line, or each file of a folder in its place, followed until somebody may decide. */
  async #became(line: Incoming, taken: ImportState | null): Promise<void> {
    // A folder answers with its first file, and with the others in it.
    const others = taken?.parts ?? [];
    const lines = taken && others.length > 0 ? [taken, ...others].map((part) => Incoming.of(part, line.name)) : [line];
    if (others.length > 0) {
      this.lines = this.lines.flatMap((one) => (one === line ? lines : [one]));
      if (this.open === line) this.open = null;
    }
    for (const one of lines) {
      const found = one === line ? taken : one.import;
      if (found) await one.follow(found);
      if (!this.open && asks(one) && this.lines.includes(one)) this.open = one;
    }
    if (taken) await this.load();
  }
}

/** It waits for somebody's decision. */
export function asks(line: Incoming): boolean {
  return line.import?.state === 'staged' || line.step.at === 'mapping' || line.step.at === 'accounts';
}
