// Taking in a pile of signed charters: each scan is a copy, sent at once, one after the other.
import { charters } from '../api/charters';
import { Refused, desk as service, serviceNow } from '../api/client';
import type { Intake, IntakeState as Counted, Resolution, SignatoryChoice } from '../api/types';
import { uuidv7 } from '../api/uuid';
import type { Outcome } from '../flow/desk';
import { best } from '../flow/scan';
import { play } from '../sound/tones';
import { w } from '../words';
import { untilAnswered } from './answered';
import { failed } from './outcomes';

export class IntakeState {
  outcome = $state.raw<Outcome | null>(null);
  counted = $state.raw<Counted | null>(null);
  /** The copy that came in last, whose pupil's signatory may be named with the next one. */
  latest = $state.raw<Intake | null>(null);
  signatory = $state.raw<SignatoryChoice | null>(null);
  busy = $state<'no' | 'asking' | 'retrying'>('no');
  reachable = $state(true);
  #pile: string[] = [];

  async refresh(): Promise<void> {
    await this.#tell(async () => void (this.counted = await charters.intakes()));
  }

  /** Takes in what a look showed; several copies in view are several copies. */
  saw(codes: Resolution[]): void {
    const copies = codes.filter((code) => code.meaning === 'charter');
    const other = codes.find((code) => code.standing === 'known' && code.meaning !== 'charter');
    for (const copy of copies) this.#take(copy.text);
    if (copies.length === 0 && other) this.say({ tone: 'unknown', title: w.intakeNotCharter, sentence: w.intakeNotCharterSentence, remedy: w.intakeMore });
  }

  async scanned(texts: string[]): Promise<void> {
    await this.#tell(async () => {
      const code = best(await service.resolve(texts));
      if (!code) return;
      if (code.meaning === 'charter' || code.standing === 'unknown') this.#take(code.text);
      else this.saw([code]);
    });
  }

  /** The last copy of this desk that may still be taken back. */
  undoable(): Intake | null {
    const found = this.counted?.last.find((one) => !one.undone && Date.parse(one.undo_until) > serviceNow()) ?? null;
    if (!found) this.say({ tone: 'already', title: w.nothingToUndo, sentence: w.intakeNothingToUndo, remedy: '' });
    return found;
  }

  async undo(intake: Intake, request: string, reason: string): Promise<boolean> {
    return this.#tell(async () => {
      const undone = await charters.undoIntake(intake.receipt_id, request, reason);
      if (this.latest?.student_id === undone.student_id) this.latest = null;
      this.say({ tone: 'done', title: w.intakeUndone, sentence: w.intakeUndoneSentence(undone.name), remedy: w.intakeMore });
      void this.refresh();
    });
  }

  clear(): void {
    this.outcome = null;
    this.latest = null;
    this.signatory = null;
  }

  say(outcome: Outcome): void {
    this.outcome = outcome;
    play(outcome.tone);
  }

  fail(error: unknown): void {
    if (!(error instanceof Refused)) this.reachable = false;
    this.say(failed(error));
  }

  #take(code: string): void {
    this.#pile.push(code);
    if (this.busy === 'no') void this.#work();
  }

  async #work(): Promise<void> {
    for (let code = this.#pile.shift(); code !== undefined; code = this.#pile.shift()) {
      this.busy = 'asking';
      await this.#send(code);
    }
    this.busy = 'no';
    void this.refresh();
  }

  async #send(code: string): Promise<void> {
    const request = uuidv7();
    const sheet = code.slice(0, -2);
    // Somebody was named for the pupil of the first copy; another pupil's charter is another matter.
    const signatory = this.#sheet === sheet ? this.signatory : null;
    await this.#tell(async () => {
      const intake = await untilAnswered(() => charters.takeIn(request, code, signatory), (answered) => {
        this.reachable = answered;
        if (!answered) this.busy = 'retrying';
      });
      this.signatory = null;
      this.#sheet = sheet;
      this.latest = intake;
      // At once, not with the next list: Ctrl+Z right after a scan takes back that very copy.
      if (this.counted) this.counted = { ...this.counted, last: [intake, ...this.counted.last] };
      this.say(takenIn(intake));
    });
  }

  #sheet = '';

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

function takenIn({ name, class: group, complete, copy }: Intake): Outcome {
  const who = group ? `${name}, ${group}` : name;
  return {
    tone: 'done', title: complete ? w.intakeComplete : w.intakeFirst, sentence: who,
    remedy: complete ? w.intakeMore : copy === 1 ? w.intakeWantsFamily : w.intakeWantsSchool,
  };
}
