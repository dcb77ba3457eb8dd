// What went wrong, in the words a screen shows.
import { Refused } from '../api/client';
import { w } from '../words';

export interface Trouble {
  title: string;
  sentence: string;
  remedy: string;
}

/** The words of a failure; anything that is not the service's answer counts as no answer. */
export function trouble(error: unknown): Trouble {
  if (error instanceof Refused) {
    const { title, detail, remedy } = error.problem;
    return { title, sentence: detail, remedy };
  }
  return { title: w.linkDown, sentence: w.unreachable, remedy: w.unreachableRemedy };
}
