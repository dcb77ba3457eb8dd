// Turns the picture of a video into frames.
import type { Frame } from './engine';
import { HEADER, lumaFrame, writeHeader } from './luma';

/** Formats whose first plane is the grey picture itself. */
const PLANES: Partial<Record<string, number>> = { NV12: 2, I420: 3 };

export class Grabber {
  readonly #canvas = document.createElement('canvas');
  readonly #context = this.#canvas.getContext('2d', { willReadFrequently: true });
  #spare: ArrayBuffer | undefined;

  constructor(readonly video: HTMLVideoElement) {}

  /** Memory of an earlier frame, for the next one. */
  take(memory: ArrayBuffer): void {
    this.#spare = memory;
  }

  /** A frame of grey pixels or a JPEG, or nothing while the video has no picture. */
  async grab(luma: boolean): Promise<Frame | null> {
    const { videoWidth: width, videoHeight: height } = this.video;
    if (width === 0 || height === 0) return null;
    const plane = luma ? await this.#plane(width, height) : null;
    return plane ?? this.#drawn(luma, width, height);
  }

  /** The camera's own grey plane, when the browser gives it: no colour is made and taken back. */
  async #plane(width: number, height: number): Promise<ArrayBuffer | null> {
    if (typeof VideoFrame !== 'function') return null;
    let picture: VideoFrame | undefined;
    try {
      picture = new VideoFrame(this.video);
      const planes = PLANES[picture.format ?? ''];
      const { visibleRect } = picture;
      // A picture that is turned or stretched on its way to the screen goes by the canvas.
      if (!planes || visibleRect?.width !== width || visibleRect.height !== height) return null;
      const frame = await this.#copy(picture, planes, width, height);
      writeHeader(frame, width, height);
      return frame;
    } catch {
      return null;
    } finally {
      picture?.close();
    }
  }

  /** All planes are copied, as there is no way to ask for one; the grey one lands where a frame has it. */
  async #copy(picture: VideoFrame, planes: number, width: number, height: number): Promise<ArrayBuffer> {
    const [half, rows] = [(width + 1) >> 1, (height + 1) >> 1];
    const colour = HEADER + width * height;
    const layout: PlaneLayout[] = planes === 2
      ? [{ offset: HEADER, stride: width }, { offset: colour, stride: 2 * half }]
      : [{ offset: HEADER, stride: width }, { offset: colour, stride: half }, { offset: colour + half * rows, stride: half }];
    const memory = new Uint8Array(this.#colour(colour + 2 * half * rows));
    await picture.copyTo(memory, { layout });
    const frame = this.#memory(colour);
    new Uint8Array(frame).set(memory.subarray(0, colour));
    return frame;
  }

  #planes: ArrayBuffer | undefined;

  #colour(bytes: number): ArrayBuffer {
    if (this.#planes?.byteLength !== bytes) this.#planes = new ArrayBuffer(bytes);
    return this.#planes;
  }

  #memory(bytes: number): ArrayBuffer {
    const spare = this.#spare;
    this.#spare = undefined;
    return spare?.byteLength === bytes ? spare : new ArrayBuffer(bytes);
  }

  #drawn(luma: boolean, width: number, height: number): ArrayBuffer | Promise<Blob | null> | null {
    if (!this.#context) return null;
    if (this.#canvas.width !== width || this.#canvas.height !== height) {
      this.#canvas.width = width;
      this.#canvas.height = height;
    }
    this.#context.drawImage(this.video, 0, 0, width, height);
    if (luma) return lumaFrame(this.#context.getImageData(0, 0, width, height), this.#memory(HEADER + width * height));
    return new Promise((resolve) => this.#canvas.toBlob(resolve, 'image/jpeg', 0.85));
  }
}
