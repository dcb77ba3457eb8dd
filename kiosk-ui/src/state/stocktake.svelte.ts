// The state of the mode Inventaire: laptops seen room by room, in step with the other stations; then the report.
import { signed } from '../api/acts';
import { stockTakes } from '../api/stock';
import type { Device, SeenAnswer, StockTakeCard, StockTakeReport, Student } from '../api/types';
import { openOne, proposed, ticked } from '../flow/stocktake';
import { w } from '../words';
import { told } from './reception.svelte';
import { type Mode, ScanState } from './scan.svelte';

/** Other stations count as well. */
const FOLLOW_MS = 3_000;
const ROOM = 'remise.room';

export class StockTakeState implements Mode {
  readonly kinds = ['apply_stock_take'];
  readonly scan = new ScanState(this);
  view = $state<'scan' | 'report'>('scan');
  list = $state.raw<StockTakeCard[] | null>(null);
  card = $state.raw<StockTakeCard | null>(null);
  report = $state.raw<StockTakeReport | null>(null);
  room = $state(localStorage.getItem(ROOM) ?? '');
  chosen = $state.raw<ReadonlySet<string>>(new Set());
  /** The last scan, while it may be taken back. */
  last = $state.raw<SeenAnswer | null>(null);
  readonly corrections = $derived(this.report ? ticked(this.report, this.chosen) : []);

  async load(): Promise<void> {
    await this.scan.tell(async () => {
      this.list = await stockTakes.list();
      const first = openOne(this.list) ?? this.list[0];
      if (first) await this.open(first.id);
    });
  }

  async open(id: string): Promise<void> {
    this.last = null;
    await this.scan.tell(() => this.#read(id));
    this.chosen = this.report ? proposed(this.report) : new Set();
  }

  async begin(name: string): Promise<void> {
    const asked = signed({ name });
    const card = await this.scan.change(() => stockTakes.open(asked), (answer) => ({ tone: 'done', title: answer.name, sentence: '', remedy: w.stockTake.expect }));
    if (!card) return;
    this.list = [card, ...(this.list ?? [])];
    this.view = 'scan';
    await this.open(card.id);
  }

  show(view: 'scan' | 'report'): void {
    this.view = view;
    this.scan.clear();
    if (view === 'report' && this.report) this.chosen = proposed(this.report);
  }

  /** Keeps the numbers in step with the other stations, until the returned function is called. */
  follow(): () => void {
    const tick = setInterval(() => {
      if (!document.hidden && this.card && !this.card.closed_at && this.scan.busy === 'no') void this.#refresh();
    }, FOLLOW_MS);
    return () => clearInterval(tick);
  }

  atRoom(room: string): void {
    this.room = room.trim();
    localStorage.setItem(ROOM, this.room);
  }

  student(student: Student): void {
    this.scan.say({ tone: 'unknown', title: w.stockTake.expect, sentence: student.name, remedy: '' });
  }

  device(device: Device): void {
    void this.see(device.serial);
  }

  stranger(code: string): boolean {
    void this.see(code);
    return true;
  }

  clear(): void {
    this.last = null;
  }

  /** Ctrl+Z: the last scan was not meant. */
  undoLast(): boolean {
    if (this.last) void this.see(this.last.serial, true);
    return this.last !== null;
  }

  async see(code: string, remove = false): Promise<void> {
    const card = this.card;
    if (!card || card.closed_at) return this.scan.say({ tone: 'unknown', title: w.stockTake.expectOpen, sentence: code, remedy: w.stockTake.expectOpenMore });
    const asked = signed({ code, room: this.room, remove });
    const answer = await this.scan.change(() => stockTakes.scan(card.id, asked), told);
    if (!answer) return;
    this.last = ['found', 'unexpected', 'unknown'].includes(answer.verdict) ? answer : null;
    void this.#refresh();
  }

  async close(): Promise<void> {
    const card = this.card;
    if (!card) return;
    const asked = signed({ corrections: this.corrections });
    const closed = await this.scan.change(() => stockTakes.close(card.id, asked), (answer) => ({
      tone: 'done', title: w.stockTake.closed, sentence: card.name, remedy: w.stockTake.closedMore(answer.report.corrected?.length ?? 0),
    }));
    if (!closed) return;
    this.report = closed.report;
    this.card = closed.stock_take ?? card;
    this.list = await stockTakes.list().catch(() => this.list);
  }

  async #read(id: string): Promise<void> {
    const found = await stockTakes.show(id);
    this.card = found.stock_take ?? null;
    this.report = found.report;
  }

  async #refresh(): Promise<void> {
    if (!this.card) return;
    try {
      await this.#read(this.card.id);
      this.scan.reachable = true;
    } catch {
      this.scan.reachable = false;
    }
  }
}
