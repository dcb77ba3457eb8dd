// The camera: opening it, saying what is wrong with it, and turning its picture into frames.

export type CameraProblem = 'insecure' | 'refused' | 'absent' | 'busy' | 'failed';

/** A camera that cannot be used, and why. */
export class CameraError extends Error {
  constructor(readonly problem: CameraProblem) {
    super(problem);
  }
}

const REMEMBERED = 'remise.camera';

/** Opens the camera chosen last on this station, else the one the browser prefers. */
export async function openCamera(chosen = localStorage.getItem(REMEMBERED)): Promise<MediaStream> {
  if (!window.isSecureContext || !navigator.mediaDevices) throw new CameraError('insecure');
  const size = { width: { ideal: 1280 }, height: { ideal: 720 } };
  const preference = chosen ? { deviceId: { ideal: chosen } } : { facingMode: { ideal: 'environment' } };
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: false, video: { ...size, ...preference } });
  } catch (error) {
    throw new CameraError(problemOf(error));
  }
}

function problemOf(error: unknown): CameraProblem {
  switch (error instanceof DOMException ? error.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'refused';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'absent';
    case 'NotReadableError':
    case 'AbortError':
      return 'busy';
    default:
      return 'failed';
  }
}

export function rememberCamera(id: string): void {
  localStorage.setItem(REMEMBERED, id);
}

/** Cameras of this computer; their names are known once one was allowed. */
export async function cameras(): Promise<MediaDeviceInfo[]> {
  return (await navigator.mediaDevices.enumerateDevices()).filter((device) => device.kind === 'videoinput');
}

/** On the same machine grey pixels are quickest; over a network a JPEG is a tenth of them. */
export function prefersLuma(host: string): boolean {
  return host === 'localhost' || host === '127.0.0.1' || host === '[::1]';
}

/** Turns the picture of a video into frames, with one canvas for all of them. */
export class Grabber {
  readonly #canvas = document.createElement('canvas');
  readonly #context = this.#canvas.getContext('2d', { willReadFrequently: true });

  constructor(readonly video: HTMLVideoElement, readonly luma: boolean) {}

  /** A frame as the service takes it, or nothing while the video has no picture. */
  async grab(): Promise<ArrayBuffer | Blob | null> {
    const { videoWidth: width, videoHeight: height } = this.video;
    if (!this.#context || width === 0 || height === 0) return null;
    if (this.#canvas.width !== width || this.#canvas.height !== height) {
      this.#canvas.width = width;
      this.#canvas.height = height;
    }
    this.#context.drawImage(this.video, 0, 0, width, height);
    if (this.luma) return lumaFrame(this.#context.getImageData(0, 0, width, height));
    return new Promise((resolve) => this.#canvas.toBlob(resolve, 'image/jpeg', 0.85));
  }
}

/** `LUMA`, width and height (16 bits, little-endian), then one byte a pixel (ITU-R BT.601). */
export function lumaFrame({ data, width, height }: Pick<ImageData, 'data' | 'width' | 'height'>): ArrayBuffer {
  const frame = new Uint8Array(8 + width * height);
  frame.set([0x4c, 0x55, 0x4d, 0x41]);
  new DataView(frame.buffer).setUint16(4, width, true);
  new DataView(frame.buffer).setUint16(6, height, true);
  for (let pixel = 0, at = 0; pixel < width * height; pixel++, at += 4) {
    frame[8 + pixel] = (77 * data[at]! + 150 * data[at + 1]! + 29 * data[at + 2]! + 128) >> 8;
  }
  return frame.buffer;
}
