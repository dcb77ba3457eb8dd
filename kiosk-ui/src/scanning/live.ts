// The live camera's socket: a frame goes out when the last one was answered; nothing queues up.
import { loggedOut } from '../api/client';
import type { SeenFrame } from '../api/types';
import type { Engine, EngineEvents, Frame } from './engine';

const FIRST_RETRY_MS = 500;
const MOST_RETRY_MS = 8_000;
/** An answer later than this will not come. */
const ANSWER_MS = 5_000;
/** "Policy violation" of RFC 6455: nobody is logged in here any more. */
const SESSION_ENDED = 1008;

export class Live implements Engine {
  #socket: WebSocket | null = null;
  #retry = FIRST_RETRY_MS;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sentAt = 0;
  #closed = false;

  constructor(readonly address: string, readonly events: EngineEvents, readonly luma: boolean) {
    this.#open();
  }

  /** Whether a frame would be read at once. */
  get idle(): boolean {
    const waiting = this.#sentAt > 0 && performance.now() - this.#sentAt < ANSWER_MS;
    return this.#socket?.readyState === WebSocket.OPEN && !waiting;
  }

  send(frame: Frame): void {
    this.#sentAt = performance.now();
    this.#socket?.send(frame);
    if (frame instanceof ArrayBuffer) this.events.spare(frame);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#socket?.close();
  }

  #open(): void {
    const socket = new WebSocket(this.address);
    this.#socket = socket;
    socket.onopen = () => {
      this.#retry = FIRST_RETRY_MS;
      this.#sentAt = 0;
      this.events.link(true);
    };
    socket.onmessage = (message) => {
      this.#sentAt = 0;
      const answer = JSON.parse(String(message.data)) as SeenFrame | { error: { detail: string } };
      if ('error' in answer) this.events.failed(answer.error.detail);
      else this.events.seen(answer);
    };
    socket.onclose = ({ code }) => {
      if (this.#closed) return;
      this.events.link(false);
      if (code === SESSION_ENDED) return void loggedOut.dispatchEvent(new Event('ended'));
      this.#timer = setTimeout(() => this.#open(), this.#retry);
      this.#retry = Math.min(this.#retry * 2, MOST_RETRY_MS);
    };
  }
}
