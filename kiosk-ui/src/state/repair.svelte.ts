// The state of the screen SAV: laptops scanned into a batch that leaves, and laptops that come back.
import { acts, signed } from '../api/acts';
import { repairs as service } from '../api/stock';
import type { Device, RepairBatch, Repairs, Student } from '../api/types';
import { type Back, EMPTY, ENDS, backRequest, openBatches, standing, takeBack } from '../flow/repair';
import { w } from '../words';
import { made } from './outcomes';
import { type Mode, ScanState } from './scan.svelte';

export type View = 'batch' | 'back';

export class RepairState implements Mode {
  readonly kinds = ['await_repair', 'send_to_repair', 'come_back'];
  readonly scan = new ScanState(this);
  view = $state<View>('batch');
  repairs = $state.raw<Repairs | null>(null);
  batch = $state.raw<RepairBatch | null>(null);
  back = $state.raw<Back>(EMPTY);
  /** In stock or in the reserve, and perhaps broken: asked before it is noted. */
  broken = $state.raw<Device | null>(null);

  async load(): Promise<void> {
    await this.reload();
    const first = this.repairs && openBatches(this.repairs)[0];
    if (first) await this.open(first.id);
  }

  async reload(): Promise<void> {
    await this.scan.tell(async () => void (this.repairs = await service.list()));
  }

  async open(id: string): Promise<void> {
    await this.scan.tell(async () => void (this.batch = await service.batch(id)));
  }

  show(view: View): void {
    this.view = view;
    this.scan.clear();
  }

  student(student: Student): void {
    this.scan.say({ tone: 'unknown', title: w.repair.aBadge, sentence: student.name, remedy: w.repair.aBadgeRemedy });
  }

  device(device: Device): void {
    const is = standing(device);
    const where = `${device.serial} : ${device.state_label}`;
    if (is === 'comes-back' || (is === 'fills' && this.view === 'back')) this.#comesBack(device);
    else if (is === 'fills') void this.fill(device.id, device.serial);
    else if (is === 'broken-here') this.broken = device;
    else if (is === 'done') this.scan.say({ tone: 'already', title: w.repair.alreadyBack, sentence: where, remedy: '' });
    else if (is === 'held') this.scan.say({ tone: 'refused', title: w.repair.held, sentence: `${device.serial} — ${device.holder?.name ?? ''}`, remedy: w.repair.heldRemedy });
    else this.scan.say({ tone: 'unknown', title: w.repair.notHere, sentence: where, remedy: '' });
  }

  clear(): void {
    this.back = EMPTY;
    this.broken = null;
  }

  key(name: string): void {
    const end = ENDS[Number(name) - 1];
    if (this.view === 'back' && this.back.device && end) this.back = { ...this.back, end };
  }

  confirm(): void {
    if (this.scan.busy === 'no' && this.view === 'back' && this.back.device) void this.#sendBack();
  }

  async openBatch(contractor: string, note: string): Promise<void> {
    const asked = signed({ contractor, note });
    const batch = await this.scan.change(() => service.open(asked), (answer) => ({ tone: 'done', title: w.repair.opened(answer.batch?.number ?? 0), sentence: contractor, remedy: w.repair.expectBatch }));
    if (batch) this.batch = batch;
    await this.reload();
  }

  async fill(device_id: string, serial: string, remove = false): Promise<void> {
    const open = this.batch?.batch;
    if (!open || open.sent_at) return this.scan.say({ tone: 'unknown', title: w.repair.expectOpen, sentence: serial, remedy: w.repair.expectOpenMore });
    const asked = signed({ device_id, remove });
    const batch = await this.scan.change(() => service.fill(open.id, asked), () => ({ tone: 'done', title: remove ? w.repair.removed : w.repair.added(open.number), sentence: serial, remedy: w.repair.addedRemedy }));
    if (batch) this.batch = batch;
    await this.reload();
  }

  async send(expected_back_on: string): Promise<void> {
    const open = this.batch?.batch;
    if (!open) return;
    const asked = signed({ expected_back_on });
    await this.scan.change(() => acts.make(`/api/repair-batches/${open.id}/send`, asked), (done) => made(done, w.repair.sent));
    await Promise.all([this.reload(), this.open(open.id)]);
  }

  /** Found broken in the school's own rooms: it waits for repair, and joins the open batch. */
  async note(reason: string): Promise<void> {
    const device = this.broken;
    if (!device) return;
    const asked = signed({ device_ids: [device.id], move: 'await_repair', reason });
    const done = await this.scan.change(() => acts.make('/api/devices/moves', asked), (answer) => made(answer, w.repair.addedRemedy));
    this.broken = null;
    const open = this.batch?.batch;
    if (done && this.view === 'batch' && open && !open.sent_at) await this.fill(device.id, device.serial);
    else await this.reload();
  }

  #comesBack(device: Device): void {
    this.view = 'back';
    this.back = takeBack(device, this.repairs);
  }

  async #sendBack(): Promise<void> {
    const body = backRequest(this.back);
    if (!body) return this.scan.say({ tone: 'refused', title: w.repair.costWrong, sentence: this.back.cost, remedy: '' });
    const asked = signed(body);
    const done = await this.scan.change(() => acts.make('/api/repairs/back', asked), (answer) => made(answer, w.repair.backRemedy));
    if (done) this.back = EMPTY;
    await this.reload();
  }
}
