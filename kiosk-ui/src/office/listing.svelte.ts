// A list that grows by pages: what is shown, how many there are, and how it is sorted.
import { type Trouble, trouble } from '../parts/problems';

export interface Answer<Row> {
  rows: Row[];
  total?: number | null;
  more: boolean;
  after?: string | null;
}

type Ask<Row> = (sorted: { sort: string; descending: boolean; after?: string }) => Promise<Answer<Row>>;

export class Listing<Row> {
  rows = $state.raw<Row[] | null>(null);
  total = $state(0);
  more = $state(false);
  sort = $state('');
  descending = $state(false);
  wrong = $state.raw<Trouble | null>(null);
  /** Rows are on their way; those shown are of before. */
  busy = $state(false);
  #after: string | null = $state(null);
  #asked = 0;

  constructor(sort: string, private readonly ask: Ask<Row>) {
    this.sort = sort;
  }

  get hasNext(): boolean {
    return this.#after !== null;
  }

  /** Another order; the same column once more turns it round. */
  by(sort: string): void {
    this.descending = this.sort === sort && !this.descending;
    this.sort = sort;
  }

  /** The first page, anew; an answer that was overtaken is dropped. */
  async load(): Promise<void> {
    await this.#fetch((answer) => {
      this.rows = answer.rows;
      this.total = answer.total ?? 0;
      this.more = answer.more;
    });
  }

  async next(): Promise<void> {
    if (this.#after) await this.#fetch((answer) => (this.rows = [...(this.rows ?? []), ...answer.rows]), this.#after);
  }

  async #fetch(take: (answer: Answer<Row>) => void, after?: string): Promise<void> {
    const mine = ++this.#asked;
    this.busy = true;
    try {
      const answer = await this.ask({ sort: this.sort, descending: this.descending, ...(after ? { after } : {}) });
      if (mine !== this.#asked) return;
      take(answer);
      this.#after = answer.after ?? null;
      this.wrong = null;
    } catch (error) {
      if (mine === this.#asked) this.wrong = trouble(error);
    } finally {
      if (mine === this.#asked) this.busy = false;
    }
  }
}

/** Arrow keys walk through the links of a table, one a row. */
export function walkRows(event: KeyboardEvent): void {
  const links = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLAnchorElement>('a[data-row]')];
  const at = links.indexOf(document.activeElement as HTMLAnchorElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[event.key];
  if (to === undefined || (at < 0 && event.key !== 'ArrowDown')) return;
  event.preventDefault();
  links[Math.max(0, Math.min(to, links.length - 1))]?.focus();
}

/** `''` asks nothing, `'true'` and `'false'` ask for one of the two. */
export const choice = (value: string): boolean | undefined => (value === '' ? undefined : value === 'true');
