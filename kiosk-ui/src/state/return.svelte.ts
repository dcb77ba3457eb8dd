// The state of the mode Retour: one laptop after a look at it, or a class, laptop after laptop.
import { acts, loans, signed } from '../api/acts';
import { desk as service } from '../api/client';
import type { ClassProgress, Device, Done, OutLoan, Student } from '../api/types';
import { type Check, GOOD, inPortions, isGood, progress, returned, toggleByKey } from '../flow/return';
import { w } from '../words';
import { made } from './outcomes';
import { type Mode, ScanState } from './scan.svelte';

export type View = 'one' | 'class' | 'transfer' | 'leavers';
/** Other stations take laptops of the same class back. */
const REFRESH_MS = 4_000;

export class ReturnState implements Mode {
  readonly kinds = ['return_loan', 'give_back', 'transfer'];
  readonly scan = new ScanState(this);
  view = $state<View>('one');
  check = $state.raw<Check>(GOOD);
  /** What is being brought back, or which of a pupil's two. */
  loan = $state.raw<OutLoan | null>(null);
  choices = $state.raw<OutLoan[]>([]);
  done = $state.raw<Done | null>(null);
  classes = $state.raw<ClassProgress[]>([]);
  group = $state('');
  /** Laptops of the class, of those who left, or to be transferred, by the view. */
  out = $state.raw<OutLoan[]>([]);
  chosen = $state.raw<ReadonlySet<string>>(new Set());
  #total = $state(0);
  /** The campaign's kit, which the check list of a class shows. */
  kit = $state.raw<string[]>([]);
  readonly progress = $derived(progress(this.out, this.#total));
  readonly listed = $derived(this.view === 'one' ? (this.loan?.kit ?? this.kit) : this.kit);

  async load(): Promise<void> {
    await this.scan.tell(async () => {
      const [head, classes] = await Promise.all([service.head(), service.classes()]);
      this.kit = head.campaign?.kit ?? [];
      this.classes = classes;
    });
  }

  /** Keeps the list of a class in step with the other stations, until the returned function is called. */
  follow(): () => void {
    const tick = setInterval(() => {
      if (this.view === 'class' && this.group && this.scan.busy === 'no') void this.reload();
    }, REFRESH_MS);
    return () => clearInterval(tick);
  }

  async show(view: View): Promise<void> {
    if (this.scan.busy !== 'no') return;
    this.view = view;
    this.out = [];
    this.chosen = new Set();
    this.scan.clear();
    await this.reload();
    this.#total = this.out.length;
  }

  async open(group: string): Promise<void> {
    this.group = group;
    await this.show(this.view);
  }

  async reload(): Promise<void> {
    if (this.view === 'leavers') await this.scan.tell(async () => void (this.out = await loans.out({ leavers: 'true' })));
    else if (this.view !== 'one' && this.group) await this.scan.tell(async () => void (this.out = await loans.out({ class: this.group })));
  }

  student(student: Student): void {
    void this.#find(student.class, (loan) => loan.student_id === student.id, w.returns.nothingToReturn(student.name));
  }

  device(device: Device): void {
    if (device.holder) void this.#find(device.holder.class, (loan) => loan.device_id === device.id, '');
    else this.scan.say({ tone: 'already', title: w.returns.notOut, sentence: w.returns.notOutWhy(device.serial, device.state_label), remedy: w.returns.notOutRemedy });
  }

  choose(loan: OutLoan): void {
    this.choices = [];
    this.loan = loan;
  }

  key(name: string): void {
    if (this.view === 'one' ? this.loan !== null && !this.done : this.view === 'class') this.check = toggleByKey(this.check, this.listed, name);
  }

  /** Espace or Entrée: what the list says is how it came back. */
  confirm(): void {
    if (this.scan.busy === 'no' && this.view === 'one' && this.loan && !this.done) void this.#send(this.loan);
  }

  clear(): void {
    this.loan = null;
    this.choices = [];
    this.done = null;
    this.check = GOOD;
  }

  /** The chosen laptops become their pupils' own; in several acts when they are many. */
  async transfer(): Promise<void> {
    for (const loan_ids of inPortions([...this.chosen])) {
      const asked = signed({ loan_ids });
      const done = await this.scan.change(() => acts.make('/api/transfers', asked), (answer) => made(answer, w.returns.transferred));
      if (!done) return;
      this.done = done;
      this.chosen = new Set([...this.chosen].filter((id) => !loan_ids.includes(id)));
    }
    await this.reload();
  }

  async #find(group: string | null | undefined, wanted: (loan: OutLoan) => boolean, none: string): Promise<void> {
    await this.scan.tell(async () => {
      const known = this.out.filter(wanted);
      const found = known.length > 0 ? known : (await loans.out(group ? { class: group } : {})).filter(wanted);
      const [only] = found;
      if (!only) return this.scan.say({ tone: 'already', title: w.returns.notOut, sentence: none, remedy: w.returns.notOutRemedy });
      if (this.view === 'transfer') return this.#pick(found);
      if (this.view === 'class') return void (await this.#send(only));
      if (this.view === 'leavers') this.view = 'one';
      this.clear();
      if (found.length > 1) this.choices = found;
      else this.loan = only;
    });
  }

  /** A badge or a laptop chooses for the transfer, whatever class is shown. */
  #pick(found: OutLoan[]): void {
    const added = found.filter((loan) => !this.out.some((one) => one.loan_id === loan.loan_id));
    this.out = [...added, ...this.out];
    this.chosen = new Set([...this.chosen, ...found.filter((loan) => loan.kind === 'allocation').map((loan) => loan.loan_id)]);
  }

  async #send(loan: OutLoan): Promise<void> {
    const asked = signed(returned(loan, this.check));
    const good = isGood(this.check);
    const done = await this.scan.change(() => acts.make('/api/returns', asked), (answer) => made(answer, good ? w.returns.returned : w.returns.returnedBad));
    if (!done) return;
    this.check = GOOD;
    this.out = this.out.filter((one) => one.loan_id !== loan.loan_id);
    this.done = done;
    if (this.view === 'class' && loan.class !== this.group && this.group) {
      this.scan.outcome = { ...made(done, w.returns.returned), remedy: w.returns.otherClass(loan.class ?? w.noClass) };
    }
  }
}
