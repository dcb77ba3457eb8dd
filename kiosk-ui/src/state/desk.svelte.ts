// The desk's state: takes scans in, asks the service, and keeps what the screen shows.
import { Refused, Unreachable, desk as service } from '../api/client';
import type { ClassProgress, DeskHead, Device, HandOver, Resolution, Student } from '../api/types';
import { uuidv7 } from '../api/uuid';
import {
  type Desk, EMPTY, type Outcome, type Remark, chooseDevice, chooseStudent, confirmCharter, expected, statedCharter,
  take,
} from '../flow/desk';
import { play } from '../sound/tones';
import { w } from '../words';

/** Unknown codes beside a known one are the label's other lines, not a question. */
const QUIET_AFTER_KNOWN_MS = 3_000;
const RETRY_MS = [300, 800, 1_500, 3_000];

export type Source = 'camera' | 'scanner' | 'photo' | 'search';

export class DeskState {
  desk = $state.raw<Desk>(EMPTY);
  outcome = $state.raw<Outcome | null>(null);
  busy = $state<'no' | 'asking' | 'retrying'>('no');
  last = $state.raw<HandOver[]>([]);
  classes = $state.raw<ClassProgress[]>([]);
  head = $state.raw<DeskHead | null>(null);
  /** Accessories of the kit that are not handed over this time. */
  without = $state.raw<string[]>([]);
  reachable = $state(true);
  readonly expected = $derived(expected(this.desk));
  #knownAt = -Infinity;
  #waiting: (() => void)[] = [];

  async load(): Promise<void> {
    await this.#tell(async () => {
      [this.head, this.classes, this.last] = await Promise.all([service.head(), service.classes(), service.last()]);
    });
  }

  /** Takes in what one look showed. */
  saw(fresh: Resolution[], source: Source, inView: Resolution[] = fresh): void {
    if (fresh.length === 0) return;
    if (this.busy !== 'no') {
      this.#waiting.push(() => this.saw(fresh, source, inView));
      return;
    }
    const known = inView.some((code) => code.standing === 'known');
    if (known) this.#knownAt = performance.now();
    const quiet = source === 'camera' && performance.now() - this.#knownAt < QUIET_AFTER_KNOWN_MS;
    const step = take(this.desk, fresh, inView);
    if (step.changed) this.#move(step.desk);
    else if (!quiet) this.desk = step.desk;
    const refused = this.outcome?.tone === 'refused' || step.remark?.kind === 'not-ours';
    const muted = !step.changed && (quiet || (source === 'camera' && refused));
    if (step.remark && !muted) this.#say(remarked(step.remark));
    this.#proceed();
  }

  chooseStudent(student: Student): void {
    this.#move(chooseStudent(this.desk, student));
    this.#proceed();
  }

  chooseDevice(device: Device): void {
    this.#move(chooseDevice(this.desk, device));
    this.#proceed();
  }

  confirmCharter(): void {
    if (this.busy !== 'no') return;
    const next = confirmCharter(this.desk);
    if (next === this.desk) return;
    this.#move(next);
    this.#proceed();
  }

  /** Échap: an empty desk. */
  clear(): void {
    if (this.busy !== 'no') return;
    this.desk = EMPTY;
    this.outcome = null;
    this.without = [];
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
      this.#say({ tone: 'done', title: w.learned, sentence: w.learnedSentence(known.name), remedy: w.learnedRemedy });
    });
  }

  /** True when it was taken back. */
  async undo(handOver: HandOver, request: string, reason: string): Promise<boolean> {
    return this.#tell(async () => {
      const undone = await service.undo(handOver.loan_id, request, reason);
      this.desk = EMPTY;
      this.#say({
        tone: 'done', title: w.undone, sentence: w.undoneSentence(undone.device.serial, undone.student.name),
        remedy: w.undoneRemedy,
      });
      await this.#refresh();
    });
  }

  say(outcome: Outcome): void {
    this.#say(outcome);
  }

  #move(desk: Desk): void {
    if (desk.student?.id !== this.desk.student?.id) this.without = [];
    this.desk = desk;
    this.outcome = null;
  }

  #say(outcome: Outcome): void {
    this.outcome = outcome;
    play(outcome.tone);
  }

  #proceed(): void {
    if (this.expected === 'service' && this.busy === 'no') void this.#handOver(null);
  }

  async #handOver(override: string | null): Promise<void> {
    const { student, device } = this.desk;
    if (!student || !device || this.busy !== 'no') return;
    const kit = this.head?.campaign?.kit ?? [];
    const request = {
      request_id: uuidv7(), student_id: student.id, device_id: device.id, charter: statedCharter(this.desk),
      override_reason: override, accessories: kit.filter((item) => !this.without.includes(item)),
      desk_at: new Date().toISOString(),
    };
    this.busy = 'asking';
    await this.#tell(async () => {
      try {
        this.#made(await this.#untilAnswered(() => service.handOver(request)));
      } finally {
        this.desk = { ...this.desk, settled: true };
        this.busy = 'no';
      }
      void this.#refresh();
    });
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const scan of waiting) scan();
  }

  #made(made: HandOver): void {
    this.desk = { ...this.desk, finished: true };
    this.last = [made, ...this.last];
    this.#say({
      tone: 'done', title: w.done,
      sentence: w.doneSentence(made.device.serial, made.student.name, made.student.class ?? null), remedy: w.doneRemedy,
    });
  }

  /** Sends again while the network is silent; the id makes that safe. */
  async #untilAnswered<T>(ask: () => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      try {
        const answer = await ask();
        this.reachable = true;
        return answer;
      } catch (error) {
        if (!(error instanceof Unreachable)) throw error;
        this.reachable = false;
        this.busy = 'retrying';
        await new Promise((resume) => setTimeout(resume, RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)]));
      }
    }
  }

  async #refresh(): Promise<void> {
    await this.#tell(async () => {
      [this.classes, this.last] = await Promise.all([service.classes(), service.last()]);
    });
  }

  /** Runs `work`; what goes wrong becomes the outcome. */
  async #tell(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      this.reachable = true;
      return true;
    } catch (error) {
      if (error instanceof Refused) {
        const { title, detail, remedy, tone } = error.problem;
        this.#say({ tone: tone as Outcome['tone'], title, sentence: detail, remedy });
      } else if (error instanceof Unreachable) {
        this.reachable = false;
        this.#say({ tone: 'refused', title: w.linkDown, sentence: w.unreachable, remedy: w.unreachableRemedy });
      } else throw error;
      return false;
    }
  }
}

function remarked(remark: Remark): Outcome {
  const title = w.remarkTitle[remark.kind];
  switch (remark.kind) {
    case 'already-done':
      return { tone: 'already', title, sentence: w.alreadyDone, remedy: w.alreadyDoneRemedy };
    case 'other-charter':
      return { tone: 'refused', title, sentence: w.otherCharter(remark.owner, remark.student), remedy: w.otherCharterRemedy };
    case 'old-charter':
      return { tone: 'refused', title, sentence: w.oldCharter(remark.owner), remedy: w.oldCharterRemedy };
    case 'unknown':
      return { tone: 'unknown', title, sentence: w.unknownCode(remark.code), remedy: w.unknownRemedy };
    case 'not-ours':
      return { tone: 'unknown', title, sentence: w.notOurs[remark.meaning] ?? w.notOurs['other'] ?? '', remedy: w.notOursRemedy };
  }
}
