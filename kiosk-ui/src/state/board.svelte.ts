// The board as the service sends it: once at the beginning, then at every change.
import { loggedOut } from '../api/client';
import { campaign } from '../api/campaign';
import type { Board } from '../api/types';

/** The service sends a sign of life every few seconds; events that stop without an error are asked for again. */
const ASK_AGAIN_MS = 3_000;

export class BoardState {
  board = $state.raw<Board | null>(null);
  linked = $state(true);

  /** Follows until the returned function is called. */
  follow(): () => void {
    let source: EventSource;
    let again: ReturnType<typeof setTimeout> | undefined;
    const open = () => {
      source = new EventSource('/api/board/events');
      source.addEventListener('board', (event) => {
        this.board = JSON.parse((event as MessageEvent<string>).data) as Board;
        this.linked = true;
      });
      source.onerror = () => {
        this.linked = false;
        // The browser tries again by itself unless it was told no: then perhaps nobody is logged in any more.
        if (source.readyState !== EventSource.CLOSED) return;
        loggedOut.dispatchEvent(new Event('ended'));
        again = setTimeout(open, ASK_AGAIN_MS);
      };
    };
    open();
    return () => {
      clearTimeout(again);
      source.close();
    };
  }

  async call(whom: Parameters<typeof campaign.call>[0]): Promise<void> {
    this.board = await campaign.call(whom);
  }
}
