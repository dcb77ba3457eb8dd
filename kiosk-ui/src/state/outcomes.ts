// What the desk says of itself and of the service's answers, in words.
import { Refused } from '../api/client';
import type { HandOver } from '../api/types';
import type { Outcome, Remark } from '../flow/desk';
import { trouble } from '../parts/problems';
import { w } from '../words';

export function handedOver(made: HandOver): Outcome {
  const { student, device } = made;
  return { tone: 'done', title: w.done, sentence: w.doneSentence(device.serial, student.name, student.class ?? null), remedy: w.doneRemedy };
}

export function undone({ student, device }: HandOver): Outcome {
  return { tone: 'done', title: w.undone, sentence: w.undoneSentence(device.serial, student.name), remedy: w.undoneRemedy };
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
