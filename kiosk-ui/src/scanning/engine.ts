// Where frames are read: in the page or by the service. Both take frames and answer with what they show.
import type { SeenFrame } from '../api/types';

export type Place = 'page' | 'service';

export interface EngineEvents {
  seen(frame: SeenFrame): void;
  /** A frame could not be read; the sentence says why. */
  failed(sentence: string): void;
  /** Whether the service answers. */
  link(open: boolean): void;
  /** A frame's memory, for another frame. */
  spare(memory: ArrayBuffer): void;
}

/** Grey pixels with their header, or a JPEG. */
export type Frame = ArrayBuffer | Blob;

export interface Engine {
  /** Whether a frame would be read at once: nothing queues up. */
  readonly idle: boolean;
  /** Whether it takes grey pixels rather than a JPEG. */
  readonly luma: boolean;
  send(frame: Frame): void;
  close(): void;
}

const REMEMBERED = 'remise.reading';

/** What this station was told to do; in the page unless somebody said otherwise. */
export function wantedPlace(): Place {
  return localStorage.getItem(REMEMBERED) === 'service' ? 'service' : 'page';
}

export function rememberPlace(place: Place): void {
  localStorage.setItem(REMEMBERED, place);
}

export interface Engines {
  /** Nothing when this browser or this page cannot. `gaveUp` says that it could and no longer does. */
  page(events: EngineEvents, gaveUp: () => void): Engine | null;
  service(events: EngineEvents): Engine;
}

/** The engine wanted, and the service's when that one cannot or gives up. */
export class ChosenEngine implements Engine {
  #engine: Engine;
  #place: Place;

  constructor(wanted: Place, readonly engines: Engines, readonly events: EngineEvents, readonly onplace: (place: Place) => void) {
    const own = wanted === 'page' ? engines.page(events, () => this.#fallBack()) : null;
    this.#engine = own ?? engines.service(events);
    this.#place = own ? 'page' : 'service';
    onplace(this.#place);
  }

  get place(): Place {
    return this.#place;
  }

  get idle(): boolean {
    return this.#engine.idle;
  }

  get luma(): boolean {
    return this.#engine.luma;
  }

  send(frame: Frame): void {
    this.#engine.send(frame);
  }

  close(): void {
    this.#engine.close();
  }

  #fallBack(): void {
    this.#engine.close();
    this.#engine = this.engines.service(this.events);
    this.#place = 'service';
    this.onplace('service');
  }
}
