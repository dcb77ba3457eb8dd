// The state of the mode Réception: scans checked against a delivery note, in step with the other stations; then the reserve.
import { acts, signed } from '../api/acts';
import { deliveries, reserve } from '../api/stock';
import type { Delivery, Device, ReceiveAnswer, Reception, ReserveGauge, Student } from '../api/types';
import type { Outcome } from '../flow/desk';
import { toOpen } from '../flow/reception';
import { w } from '../words';
import { made } from './outcomes';
import { type Mode, ScanState } from './scan.svelte';

/** Other stations scan the same delivery. */
const FOLLOW_MS = 1_500;

export class ReceptionState implements Mode {
  readonly kinds = ['receive', 'set_aside', 'await_repair'];
  readonly scan = new ScanState(this);
  view = $state<'check' | 'reserve'>('check');
  list = $state.raw<Delivery[] | null>(null);
  reception = $state.raw<Reception | null>(null);
  gauge = $state.raw<ReserveGauge | null>(null);
  /** Tenths of a percent of the entitled, as the slider stands. */
  tenths = $state(30);
  /** Draws from the open delivery only. */
  ofDelivery = $state(false);
  /** The last scan, while it may still be noted damaged. */
  last = $state.raw<ReceiveAnswer | null>(null);

  async load(): Promise<void> {
    await this.scan.tell(async () => {
      this.list = await deliveries.list();
      const first = toOpen(this.list);
      if (first) await this.open(first.id);
    });
  }

  async open(id: string): Promise<void> {
    this.last = null;
    await this.scan.tell(async () => void (this.reception = await deliveries.show(id)));
  }

  async show(view: 'check' | 'reserve'): Promise<void> {
    this.view = view;
    this.scan.clear();
    if (view === 'reserve') await this.#measure();
  }

  /** Keeps the numbers in step with the other stations, until the returned function is called. */
  follow(): () => void {
    const tick = setInterval(() => {
      if (!document.hidden && this.view === 'check' && this.scan.busy === 'no') void this.#refresh();
    }, FOLLOW_MS);
    return () => clearInterval(tick);
  }

  student(student: Student): void {
    this.scan.say({ tone: 'unknown', title: w.reception.aBadge, sentence: student.name, remedy: w.reception.aBadgeRemedy });
  }

  device(device: Device): void {
    if (this.view === 'reserve') void this.#setAside(device);
    else void this.receive(device.serial);
  }

  stranger(code: string): boolean {
    if (this.view !== 'check' || !this.reception) return false;
    void this.receive(code);
    return true;
  }

  clear(): void {
    this.last = null;
  }

  /** A code of this delivery, or a surprise: the service says which. */
  async receive(code: string, damaged: string | null = null): Promise<void> {
    const id = this.reception?.delivery.id;
    if (!id) return this.scan.say({ tone: 'unknown', title: w.reception.noDelivery, sentence: w.reception.noDeliveryWhy, remedy: '' });
    const asked = signed({ code, damaged: damaged !== null, note: damaged ?? '' });
    const answer = await this.scan.change(() => deliveries.scan(id, asked), told);
    if (!answer) return;
    this.last = answer;
    if (this.reception) this.reception = { ...this.reception, delivery: answer.delivery };
    void this.#refresh();
  }

  async declare(over: boolean): Promise<void> {
    const delivery = this.reception?.delivery;
    if (!delivery) return;
    const asked = signed({ over });
    await this.scan.change(() => deliveries.check(delivery.id, asked), (answer) => ({
      tone: 'done', title: over ? w.reception.declared : w.reception.reopened, sentence: answer.note_number, remedy: over ? w.reception.declaredRemedy : '',
    }));
    this.list = await deliveries.list().catch(() => this.list);
    await this.open(delivery.id);
  }

  /** What is missing to the share is drawn from the stock by the service. */
  async fill(): Promise<void> {
    const delivery = this.ofDelivery ? (this.reception?.delivery.id ?? null) : null;
    const asked = signed({ tenths_of_percent: this.tenths, delivery_id: delivery });
    await this.scan.change(() => acts.make('/api/reserve/fill', asked), (done) => ({
      ...made(done, w.reception.filledRemedy), sentence: w.reception.filled(done.act.devices.length),
    }));
    await this.#measure();
  }

  async #setAside(device: Device): Promise<void> {
    const asked = signed({ device_ids: [device.id], move: 'set_aside' });
    await this.scan.change(() => acts.make('/api/devices/moves', asked), (done) => made(done, w.reception.setAside));
    await this.#measure();
  }

  async #measure(): Promise<void> {
    await this.scan.tell(async () => void (this.gauge = (await reserve.show()).gauge));
  }

  async #refresh(): Promise<void> {
    const id = this.reception?.delivery.id;
    if (!id) return;
    try {
      const now = await deliveries.show(id);
      if (this.reception?.delivery.id === id) this.reception = now;
      this.scan.reachable = true;
    } catch {
      this.scan.reachable = false;
    }
  }
}

/** The service's words, with its own tone. */
export function told({ tone, title, sentence, remedy }: { tone: string; title: string; sentence: string; remedy: string }): Outcome {
  return { tone: tone as Outcome['tone'], title, sentence, remedy };
}
