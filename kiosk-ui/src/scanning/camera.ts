// The camera: opening it, and saying what is wrong with it.
import { PIXELS, rememberedSize } from './size';

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
  const { width, height } = PIXELS[rememberedSize() ?? '720p'];
  const size = { width: { ideal: width }, height: { ideal: height } };
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
