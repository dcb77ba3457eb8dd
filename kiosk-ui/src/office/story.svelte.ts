// A page with a story: its head once, its entries page by page.
import type { StoryEntry } from '../api/types';
import { type Trouble, trouble } from '../parts/problems';

interface Told {
  entries: StoryEntry[];
  before?: number | null;
}

export class Story<Head extends Told> {
  head = $state.raw<Head | null>(null);
  entries = $state.raw<StoryEntry[]>([]);
  wrong = $state.raw<Trouble | null>(null);
  #before: number | null = $state(null);

  constructor(private readonly ask: (before?: number) => Promise<Head>) {
    void this.#fetch();
  }

  get hasOlder(): boolean {
    return this.#before !== null;
  }

  async older(): Promise<void> {
    if (this.#before !== null) await this.#fetch(this.#before);
  }

  async #fetch(before?: number): Promise<void> {
    try {
      const told = await this.ask(before);
      this.head ??= told;
      this.entries = [...this.entries, ...told.entries];
      this.#before = told.before ?? null;
    } catch (error) {
      this.wrong = trouble(error);
    }
  }
}
