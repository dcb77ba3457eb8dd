// Something an office screen asks the service for: whether it is under way, and what went wrong.
import { type Trouble, trouble } from '../parts/problems';

export class Task {
  busy = $state(false);
  wrong = $state.raw<Trouble | null>(null);

  /** True when it worked; what went wrong is kept for the screen. */
  async run(work: () => Promise<void>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.wrong = null;
    try {
      await work();
      return true;
    } catch (error) {
      this.wrong = trouble(error);
      return false;
    } finally {
      this.busy = false;
    }
  }
}
