// Asking until the service answers: an id made by the page makes that safe.
import { Refused, Unreachable } from '../api/client';

const RETRY_MS = [300, 800, 1_500, 3_000];
/** A service that is up and fails so often in a row will go on failing. */
const MOST_FAULTS = 8;

/** Asks again while the network is silent or the service fails; `told` hears of every try whether it was answered. */
export async function untilAnswered<T>(ask: () => Promise<T>, told: (answered: boolean) => void): Promise<T> {
  for (let attempt = 0, faults = 0; ; attempt++) {
    try {
      const answer = await ask();
      told(true);
      return answer;
    } catch (error) {
      const fault = error instanceof Refused && error.problem.status >= 500 && ++faults < MOST_FAULTS;
      if (!fault && !(error instanceof Unreachable)) throw error;
      told(false);
      await new Promise((resume) => setTimeout(resume, RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)]));
    }
  }
}
