// 720p or 1080p, by how long reading takes on this computer. Larger frames show small codes from farther away.

export type Size = '720p' | '1080p';

export const PIXELS: Record<Size, { width: number; height: number }> = {
  '720p': { width: 1280, height: 720 },
  '1080p': { width: 1920, height: 1080 },
};

/** Frames that are measured before anything is decided. */
const FRAMES = 20;
/** 1080p has 2.25 times the pixels: below this at 720p it still keeps up with the camera. */
const QUICK_MS = 25;
const SLOW_MS = 60;
const REMEMBERED = 'remise.camera.size';

export function rememberedSize(): Size | null {
  const size = localStorage.getItem(REMEMBERED);
  return size === '720p' || size === '1080p' ? size : null;
}

export function rememberSize(size: Size): void {
  localStorage.setItem(REMEMBERED, size);
}

/** Decides by the median of the last frames. A computer that was too slow once is not asked again. */
export class SizeChoice {
  #size: Size;
  #settled: boolean;
  #times: number[] = [];

  /** `start` is what was found out earlier, if anything. */
  constructor(start: Size | null, readonly largest: Size) {
    this.#size = start === '1080p' && largest === '1080p' ? '1080p' : '720p';
    this.#settled = start === '720p';
  }

  get size(): Size {
    return this.#size;
  }

  /** Takes a frame's reading time; answers the size to change to, when it is to change. */
  took(ms: number): Size | null {
    this.#times.push(ms);
    if (this.#times.length < FRAMES) return null;
    const median = this.#times.toSorted((a, b) => a - b)[FRAMES / 2] ?? 0;
    this.#times = [];
    if (this.#size === '1080p' && median > SLOW_MS) {
      this.#settled = true;
      return (this.#size = '720p');
    }
    if (this.#size === '720p' && !this.#settled && this.largest === '1080p' && median < QUICK_MS) return (this.#size = '1080p');
    return null;
  }
}
