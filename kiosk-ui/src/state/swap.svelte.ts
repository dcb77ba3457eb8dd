// The state of the mode Échange: takes scans in, asks the service, keeps what the screen shows.
import { acts, incidents, signed } from '../api/acts';
import { desk as service } from '../api/client';
import type { Device, Done, IncidentRule, Student } from '../api/types';
import { dayAhead } from '../flow/days';
import {
  EMPTY, type Held, type Swap, type What, chooseHeld, chooseWhat, expected, inHand, isBack, isSpare, request, takeHeld,
  takeSpare, takeStudent, usualDays,
} from '../flow/swap';
import { w } from '../words';
import { made } from './outcomes';
import { type Mode, ScanState } from './scan.svelte';

export class SwapState implements Mode {
  readonly kinds = ['swap', 'report_incident', 'lend', 'give_back'];
  readonly scan = new ScanState(this);
  swap = $state.raw<Swap>(EMPTY);
  table = $state.raw<IncidentRule[]>([]);
  pictures = $state.raw<Blob[]>([]);
  readonly expected = $derived(expected(this.swap, this.table));

  async load(): Promise<void> {
    await this.scan.tell(async () => void (this.table = (await incidents.rules()).rules));
  }

  student(student: Student): void {
    this.#move(takeStudent(this.swap, student));
    // With nothing in hand nothing can have happened to it: only a loan is left.
    if (this.swap.what === null && inHand(student).length === 0 && !isBack(student)) this.what('loan');
    this.#proceed();
  }

  device(device: Device): void {
    const { holder } = device;
    if (holder) {
      void this.scan.tell(async () => this.#move(takeHeld(this.swap, await service.student(holder.student_id), device.id)));
    } else if (isSpare(device)) {
      this.#move(takeSpare(this.swap, device));
      this.#proceed();
    } else {
      this.scan.say({ tone: 'refused', title: w.swap.notASpare, sentence: w.swap.notASpareWhy(device.serial, device.state_label), remedy: w.swap.notASpareRemedy });
    }
  }

  held(held: Held): void {
    this.change(chooseHeld(this.swap, held));
  }

  what(what: What): void {
    if (this.swap.student === null || (what !== 'loan' && inHand(this.swap.student).length === 0)) return;
    this.change(chooseWhat(this.swap, what, dayAhead(usualDays(this.swap, what))));
  }

  /** Something was said with a hand; nothing is sent for it. */
  change(swap: Swap): void {
    if (this.scan.busy !== 'no' || this.swap.finished) return;
    this.scan.outcome = null;
    this.swap = swap;
  }

  clear(): void {
    this.swap = EMPTY;
    this.pictures = [];
  }

  /** Espace or Entrée: what is shown is meant. */
  confirm(): void {
    if (this.scan.busy !== 'no') return;
    if (this.expected === 'confirm') void this.#send(true);
    else if (this.expected === 'back') void this.giveBack();
  }

  async report(grantReason: string | null): Promise<void> {
    const done = await this.#send(false);
    if (!done?.incident_id || grantReason === null) return;
    const asked = signed({ incident_id: done.incident_id, reason: grantReason });
    await this.scan.change(() => incidents.askGrant(asked), () => ({ tone: 'done', title: w.swap.grantAsked, sentence: done.act.student?.name ?? '', remedy: w.swap.grantAskedRemedy }));
  }

  /** The own laptop is back: both go to where they belong in one act. */
  async giveBack(): Promise<void> {
    const loan = this.swap.student?.allocation?.loan_id;
    if (!loan) return;
    await this.#make('/api/give-backs', { loan_id: loan, damaged: [], missing: [], note: '' }, w.swap.givenBack);
  }

  #proceed(): void {
    if (this.expected === 'service') void this.#send(true);
  }

  async #send(withSpare: boolean): Promise<Done | null> {
    const asked = request(this.swap, withSpare);
    if (!asked) return null;
    const remedy = !withSpare ? w.swap.reported : this.swap.what === 'loan' ? w.swap.lent : w.swap.swapped;
    const done = await this.#make(asked.path, asked.body, remedy);
    if (done?.incident_id) await this.#sendPictures(done.incident_id);
    return done;
  }

  async #make(path: string, body: object, remedy: string): Promise<Done | null> {
    const asked = signed(body);
    const done = await this.scan.change(() => acts.make(path, asked), (answer) => made(answer, remedy));
    if (done) this.swap = { ...this.swap, finished: true };
    // A spare that was refused is taken off the card, so that another may be shown.
    else this.swap = { ...this.swap, spare: null, armed: false };
    return done;
  }

  async #sendPictures(incident: string): Promise<void> {
    try {
      for (const picture of this.pictures) await incidents.addPicture(incident, picture);
      this.pictures = [];
    } catch {
      this.scan.say({ tone: 'refused', title: w.swap.pictureLost, sentence: w.swap.pictureLostWhy, remedy: '' });
    }
  }

  #move(swap: Swap): void {
    if (swap.student?.id !== this.swap.student?.id) this.pictures = [];
    this.swap = swap;
  }
}
