// The desk's state: takes scans in, asks the service, and keeps what the screen shows.
import { Refused, desk as service } from '../api/client';
import type { ClassProgress, DeskHead, Device, HandOver, Resolution, SignatoryChoice, Student } from '../api/types';
import { uuidv7 } from '../api/uuid';
import {
  type Desk, EMPTY, type Outcome, type Remark, chooseDevice, chooseStudent, confirmCharter, expected, statedCharter,
  take,
} from '../flow/desk';
import { play } from '../sound/tones';
import { untilAnswered } from './answered';
import { failed, forgotten, handedOver, learned, remarked, undone } from './outcomes';

/** Unknown codes read right after a known one are the label's other lines, not a question. */
const QUIET_AFTER_KNOWN_MS = 3_000;

export type Source = 'camera' | 'scanner' | 'photo';

export class DeskState {
  desk = $state.raw<Desk>(EMPTY);
  outcome = $state.raw<Outcome | null>(null);
  /** The hand-over that the outcome tells of. */
  made = $state.raw<HandOver | null>(null);
  busy = $state<'no' | 'asking' | 'retrying'>('no');
  last = $state.raw<HandOver[]>([]);
  classes = $state.raw<ClassProgress[]>([]);
  head = $state.raw<DeskHead | null>(null);
  /** Who signed the charter beside the pupil, when somebody told. */
  signatory = $state.raw<SignatoryChoice | null>(null);
  /** Accessories of the kit that are not handed over this time. */
  without = $state.raw<string[]>([]);
  reachable = $state(true);
  /** The card that has just become a badge, while that may be taken back by one touch. */
  learnt = $state.raw<{ student: Student; code: string } | null>(null);
  readonly expected = $derived(expected(this.desk));
  #knownAt = -Infinity;
  /** What came in while the service was being asked. */
  #waiting: (() => void)[] = [];

  async load(): Promise<void> {
    await this.#untilAnswered(async () => {
      [this.head, this.classes, this.last] = await Promise.all([service.head(), service.classes(), service.last()]);
    }).catch((error: unknown) => this.fail(error));
  }

  /** Takes in what one look showed. False when it is to be shown again later: nothing was told of it. */
  saw(fresh: Resolution[], source: Source, inView: Resolution[] = fresh): boolean {
    if (fresh.length === 0) return true;
    if (this.busy !== 'no') {
      this.#waiting.push(() => this.saw(fresh, source, inView));
      return true;
    }
    if (fresh.some((code) => code.standing === 'known')) this.#knownAt = performance.now();
    const step = take(this.desk, fresh, inView);
    if (!step.changed && source === 'camera' && this.#keepsQuiet(step.remark)) return false;
    if (step.changed) this.#move(step.desk);
    else this.desk = step.desk;
    if (step.remark) this.say(remarked(step.remark));
    this.#proceed();
    return true;
  }

  chooseStudent(student: Student): void {
    this.#whenIdle(() => this.#move(chooseStudent(this.desk, student)));
  }

  chooseDevice(device: Device): void {
    this.#whenIdle(() => this.#move(chooseDevice(this.desk, device)));
  }

  confirmCharter(): void {
    if (this.busy !== 'no') return;
    const next = confirmCharter(this.desk);
    if (next !== this.desk) this.#whenIdle(() => this.#move(next));
  }

  /** Échap: an empty desk. */
  clear(): void {
    if (this.busy !== 'no') return;
    this.desk = EMPTY;
    this.outcome = null;
    this.learnt = null;
    this.without = [];
    this.signatory = null;
  }

  acknowledge(): void {
    this.outcome = null;
    if (this.desk.finished) this.clear();
  }

  toggleKit(item: string): void {
    this.without = this.without.includes(item) ? this.without.filter((other) => other !== item) : [...this.without, item];
  }

  /** A manager hands over although the charter is not complete. */
  async override(reason: string): Promise<void> {
    await this.#handOver(reason);
  }

  async learnBadge(): Promise<void> {
    const { student, unknown } = this.desk;
    if (!student || !unknown) return;
    await this.#tell(async () => {
      const known = await service.learnBadge(uuidv7(), student.id, unknown);
      this.desk = { ...this.desk, student: known, unknown: null };
      this.learnt = { student: known, code: unknown };
      this.say(learned(known.name));
    });
  }

  async forgetBadge(): Promise<void> {
    const learnt = this.learnt;
    if (!learnt) return;
    await this.#tell(async () => {
      await service.forgetBadge(uuidv7(), learnt.student.id, learnt.code);
      this.learnt = null;
      this.say(forgotten(learnt.student.name));
    });
  }

  /** True when it was taken back; the same request again is safe. */
  async undo(handOver: HandOver, request: string, reason: string): Promise<boolean> {
    return this.#tell(async () => {
      const taken = await service.undo(handOver.loan_id, request, reason);
      this.desk = EMPTY;
      this.say(undone(taken));
      // The next scan must not wait for the lists: the dialog, which keeps scans away, closes now.
      void this.#refresh();
    });
  }

  say(outcome: Outcome): void {
    this.outcome = outcome;
    this.made = null;
    play(outcome.tone);
  }

  fail(error: unknown): void {
    if (!(error instanceof Refused)) this.reachable = false;
    this.say(failed(error));
  }

  #keepsQuiet(remark: Remark | null): boolean {
    if (remark?.kind === 'not-ours') return true;
    if (remark?.kind !== 'unknown') return false;
    return this.outcome?.tone === 'refused' || performance.now() - this.#knownAt < QUIET_AFTER_KNOWN_MS;
  }

  #whenIdle(change: () => void): void {
    if (this.busy !== 'no') {
      this.#waiting.push(() => this.#whenIdle(change));
      return;
    }
    change();
    this.#proceed();
  }

  #move(desk: Desk): void {
    if (desk.student?.id !== this.desk.student?.id) {
      this.without = [];
      this.signatory = null;
    }
    this.desk = desk;
    this.outcome = null;
    this.learnt = null;
  }

  #proceed(): void {
    if (this.expected === 'service' && this.busy === 'no') void this.#handOver(null);
  }

  async #handOver(override: string | null): Promise<void> {
    const { student, device } = this.desk;
    if (!student || !device || this.busy !== 'no') return;
    const kit = this.head?.campaign?.kit;
    const charter = statedCharter(this.desk);
    const request = {
      request_id: uuidv7(), student_id: student.id, device_id: device.id,
      charter: charter && { ...charter, signatory: this.signatory },
      // Without the kit's list the service takes the campaign's own.
      override_reason: override, accessories: kit?.filter((item) => !this.without.includes(item)) ?? null,
      desk_at: new Date().toISOString(),
    };
    this.busy = 'asking';
    await this.#tell(async () => {
      const made = await this.#untilAnswered(() => service.handOver(request), () => (this.busy = 'retrying'));
      this.desk = { ...this.desk, finished: true };
      this.last = [made, ...this.last.filter((one) => one.loan_id !== made.loan_id)];
      this.say(handedOver(made));
      this.made = made;
    });
    this.desk = { ...this.desk, settled: true };
    this.busy = 'no';
    if (this.desk.finished) void this.#refresh();
    for (const scan of this.#waiting.splice(0)) scan();
  }

  #untilAnswered<T>(ask: () => Promise<T>, onretry: () => void = () => {}): Promise<T> {
    return untilAnswered(ask, (answered) => {
      this.reachable = answered;
      if (!answered) onretry();
    });
  }

  async #refresh(): Promise<void> {
    await this.#tell(async () => {
      const [classes, last] = await Promise.all([service.classes(), service.last()]);
      this.classes = classes;
      this.last = last;
    });
  }

  /** Runs `work`; what goes wrong becomes the outcome. */
  async #tell(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      this.reachable = true;
      return true;
    } catch (error) {
      this.fail(error);
      return false;
    }
  }
}
