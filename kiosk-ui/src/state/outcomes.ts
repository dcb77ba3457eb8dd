// What the desk says of itself and of the service's answers, in words.
import { Refused } from '../api/client';
import type { Act, Done, HandOver } from '../api/types';
import type { Desk, Expected, Outcome, Remark } from '../flow/desk';
import { trouble } from '../parts/problems';
import { w } from '../words';

export function handedOver(made: HandOver): Outcome {
  const { student, device } = made;
  return { tone: 'done', title: w.done, sentence: w.doneSentence(device.serial, student.name, student.class ?? null), remedy: w.doneRemedy };
}

export function undone({ student, device }: HandOver): Outcome {
  return { tone: 'done', title: w.undone, sentence: w.undoneSentence(device.serial, student.name), remedy: w.undoneRemedy };
}

/** More laptops than this are counted, not named. */
const MOST_SERIALS = 3;

/** The laptops of an act: what comes in, then what goes out to a pupil. */
export function serialsOf(act: Act): string[] {
  const out = (one: Act['devices'][number]) => Number(one.to === 'lent');
  return [...act.devices].sort((a, b) => out(a) - out(b)).map((one) => one.serial);
}

/** Pupil, class and laptops of an act, in one line. */
export function whatOf(act: Act): string {
  const pupil = act.student ? `${act.student.name}${act.student.class ? `, ${act.student.class}` : ''}` : '';
  const serials = serialsOf(act);
  const laptops = serials.length > MOST_SERIALS ? w.manyLaptops(serials.length) : serials.join(' → ');
  return [pupil, laptops].filter((part) => part !== '').join(' — ');
}

/** An act that was made: its name, whom and what it was about, and what the service says of it. */
export function made({ act, told }: Done, remedy: string): Outcome {
  return { tone: 'done', title: act.label, sentence: [whatOf(act), ...told].join(' · '), remedy };
}

export function takenBack(act: Act): Outcome {
  return { tone: 'done', title: w.actUndone(act.label), sentence: whatOf(act), remedy: w.actUndoneRemedy };
}

export interface Prompt {
  title: string;
  more: string;
}

/** What the hand-over desk waits for, in words. `obstacle` stands in the way of every hand-over. */
export function prompted(desk: Desk, expected: Expected, busy: 'no' | 'asking' | 'retrying', obstacle: string | null): Prompt {
  if (busy !== 'no') return waiting(busy);
  switch (expected) {
    case 'answer': return { title: w.expectAnswer, more: '' };
    case 'student': return { title: w.expectStudent, more: '' };
    case 'device': return { title: w.expectDevice, more: '' };
    case 'charter':
      return { title: desk.charter?.copies.length === 1 ? w.expectCharterOne : w.expectCharter, more: w.expectCharterMore };
    default: return { title: w.expectAnything, more: obstacle ?? w.expectAnythingMore };
  }
}

export function waiting(busy: 'asking' | 'retrying'): Prompt {
  return { title: busy === 'retrying' ? w.retrying : w.recording, more: '' };
}

export function learned(name: string): Outcome {
  return { tone: 'done', title: w.learned, sentence: w.learnedSentence(name), remedy: w.learnedRemedy };
}

export function forgotten(name: string): Outcome {
  return { tone: 'done', title: w.forgotten, sentence: w.forgottenSentence(name), remedy: w.alreadyDoneRemedy };
}

/** A refusal keeps the service's own words and tone. */
export function failed(error: unknown): Outcome {
  const tone = error instanceof Refused ? (error.problem.tone as Outcome['tone']) : 'refused';
  return { tone, ...trouble(error) };
}

export function remarked(remark: Remark): Outcome {
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
    case 'ambiguous':
      return { tone: 'unknown', title, sentence: w.ambiguousCode(remark.code), remedy: w.ambiguousRemedy };
    case 'not-ours':
      return { tone: 'unknown', title, sentence: w.notOurs[remark.meaning] ?? w.notOurs['other'] ?? '', remedy: w.notOursRemedy };
  }
}
