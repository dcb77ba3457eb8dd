// What the desk's other modes share: scans taken in one after the other, the outcome, the last acts and their undo.
import { acts } from '../api/acts';
import { Refused, desk as service, serviceNow } from '../api/client';
import { files } from '../api/files';
import type { Act, Device, Done, Resolution, Student } from '../api/types';
import type { Outcome, Question, Remark } from '../flow/desk';
import { beside, best, look } from '../flow/scan';
import { play } from '../sound/tones';
import { w } from '../words';
import { untilAnswered } from './answered';
import type { Source } from './desk.svelte';
import { failed, remarked, takenBack } from './outcomes';
import type { Subject } from './session.svelte';

/** Unknown codes read right after a known one are the label's other lines, not a question. */
const QUIET_AFTER_KNOWN_MS = 3_000;

/** What a mode does with what the desk sees; everything else is the same in all of them. */
export interface Mode {
  /** Kinds of acts that the foot lists. */
  readonly kinds: readonly string[];
  student(student: Student): void;
  device(device: Device): void;
  /** A code the school does not know, told by a scanner or chosen: true when the mode has an answer of its own. */
  stranger?(code: string): boolean;
  /** Ctrl+Z, where what was done last is no act: true when there was something to take back. */
  undoLast?(): boolean;
  /** Échap: back to the beginning. */
  clear(): void;
}

export class ScanState {
  outcome = $state.raw<Outcome | null>(null);
  /** The act that the outcome tells of. */
  act = $state.raw<Act | null>(null);
  busy = $state<'no' | 'asking' | 'retrying'>('no');
  question = $state.raw<Question | null>(null);
  last = $state.raw<Act[]>([]);
  reachable = $state(true);
  /** A code nobody knows that the camera shows: it counts when somebody says so. */
  unknown = $state<string | null>(null);
  #knownAt = -Infinity;
  /** Laptops that the mode was told of. */
  readonly #told = new Set<string>();
  /** What came in while the service was being asked. */
  #waiting: (() => void)[] = [];

  constructor(readonly mode: Mode) {}

  async refresh(): Promise<void> {
    if (this.mode.kinds.length > 0) await this.tell(async () => void (this.last = await acts.last(this.mode.kinds)));
  }

  /** Takes in what one look showed. False when it is to be shown again later: nothing was told of it. */
  saw(fresh: Resolution[], source: Source, inView: Resolution[] = fresh): boolean {
    if (fresh.length === 0) return true;
    if (this.busy !== 'no') {
      this.#waiting.push(() => this.saw(fresh, source, inView));
      return true;
    }
    const seen = look(fresh, beside(inView, fresh, this.#told));
    if (seen.remark) return this.#strange(seen.remark, source);
    this.#knownAt = performance.now();
    this.question = seen.question;
    this.unknown = null;
    if (seen.question) return true;
    this.outcome = null;
    if (seen.student) this.mode.student(seen.student);
    if (seen.device) {
      const { device } = seen;
      this.#told.add(device.id);
      this.whenIdle(() => this.mode.device(device));
    }
    return true;
  }

  /** Both readings of a scanner's keys are asked for; the one the school knows counts. */
  async scanned(texts: string[]): Promise<void> {
    await this.tell(async () => {
      const code = best(await service.resolve(texts));
      if (code) this.saw([code], 'scanner');
    });
  }

  choose(one: { student?: Student; device?: Device }): void {
    this.question = null;
    this.whenIdle(() => {
      this.outcome = null;
      if (one.student) this.mode.student(one.student);
      else if (one.device) {
        this.#told.add(one.device.id);
        this.mode.device(one.device);
      }
    });
  }

  /** What a page of the records has sent here, as if it had been scanned. */
  async bring({ kind, id }: Subject): Promise<void> {
    await this.tell(async () => this.choose(kind === 'student' ? { student: await service.student(id) } : { device: (await files.device(id)).device }));
  }

  /** Now, or when the service has answered. */
  whenIdle(change: () => void): void {
    if (this.busy === 'no') change();
    else this.#waiting.push(() => this.whenIdle(change));
  }

  clear(): void {
    if (this.busy !== 'no') return;
    this.outcome = null;
    this.question = null;
    this.unknown = null;
    this.mode.clear();
  }

  acknowledge(): void {
    this.outcome = null;
    this.unknown = null;
  }

  /** Asks for a change until the service answers; `told` makes the outcome of it. Null when it was refused. */
  async change<T>(ask: () => Promise<T>, told: (answer: T) => Outcome | null): Promise<T | null> {
    // One after the other: what is asked for meanwhile is not lost.
    while (this.busy !== 'no') await new Promise<void>((resume) => this.#waiting.push(resume));
    this.busy = 'asking';
    let answer: T | null = null;
    await this.tell(async () => {
      answer = await untilAnswered(ask, (answered) => {
        this.reachable = answered;
        if (!answered) this.busy = 'retrying';
      });
      const outcome = told(answer);
      if (outcome) this.say(outcome);
      // At once, so that Ctrl+Z means this one; the list follows.
      this.#keep(answer);
      void this.refresh();
    });
    this.busy = 'no';
    for (const scan of this.#waiting.splice(0)) scan();
    return answer;
  }

  /** The last act of this desk that may still be taken back. */
  undoable(): Act | null {
    const open = (act: Act) => !act.undone && act.undo_until != null && Date.parse(act.undo_until) > serviceNow();
    const found = this.last.find(open) ?? null;
    if (!found) this.say({ tone: 'already', title: w.nothingToUndo, sentence: w.nothingToUndoActs, remedy: '' });
    return found;
  }

  /** True when it was taken back; the same request again is safe. */
  async undo(act: Act, request: string, reason: string): Promise<boolean> {
    return this.tell(async () => {
      const { act: undone } = await acts.undo(act.act_id, request, reason);
      this.last = this.last.map((one) => (one.act_id === undone.act_id ? undone : one));
      this.mode.clear();
      this.say(takenBack(undone));
      void this.refresh();
    });
  }

  say(outcome: Outcome): void {
    this.outcome = outcome;
    this.act = null;
    play(outcome.tone);
  }

  fail(error: unknown): void {
    if (!(error instanceof Refused)) this.reachable = false;
    this.say(failed(error));
  }

  /** Runs `work`; what goes wrong becomes the outcome. */
  async tell(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      this.reachable = true;
      return true;
    } catch (error) {
      this.fail(error);
      return false;
    }
  }

  #keep(answer: unknown): void {
    const act = (answer as Partial<Done> | null)?.act;
    if (act) this.act = act;
    if (act && this.mode.kinds.includes(act.kind)) this.last = [act, ...this.last.filter((one) => one.act_id !== act.act_id)];
  }

  #strange(remark: Remark, source: Source): boolean {
    if (source === 'camera' && this.#keepsQuiet(remark)) return false;
    if (remark.kind === 'unknown' && source !== 'camera' && this.mode.stranger?.(remark.code)) return true;
    this.unknown = remark.kind === 'unknown' ? remark.code : null;
    this.say(remarked(remark));
    return true;
  }

  #keepsQuiet(remark: Remark): boolean {
    if (remark.kind === 'not-ours') return true;
    if (remark.kind !== 'unknown') return false;
    return this.outcome?.tone === 'refused' || performance.now() - this.#knownAt < QUIET_AFTER_KNOWN_MS;
  }
}
