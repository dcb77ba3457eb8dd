// What a camera lets one set: lamp, zoom, focus. Browsers tell it of the track, cameras differ.
import { PIXELS, type Size } from './size';

export type Focus = 'continuous' | 'manual' | 'single-shot';

export interface Controls {
  torch: boolean | null;
  zoom: { min: number; max: number; step: number; value: number } | null;
  focus: { modes: Focus[]; value: Focus } | null;
}

/** The parts of the image-capture draft that TypeScript does not know. */
interface Capabilities extends MediaTrackCapabilities {
  torch?: boolean;
  zoom?: { min: number; max: number; step?: number };
  focusMode?: string[];
}
interface Settings extends MediaTrackSettings {
  torch?: boolean;
  zoom?: number;
  focusMode?: string;
}

type Track = Pick<MediaStreamTrack, 'applyConstraints' | 'getSettings'> & Partial<Pick<MediaStreamTrack, 'getCapabilities'>>;

const FOCUSES: Focus[] = ['continuous', 'single-shot', 'manual'];

function capabilities(track: Track): Capabilities {
  return track.getCapabilities?.() ?? {};
}

/** What can be set, and how it stands; nothing for what the camera does not have. */
export function controlsOf(track: Track): Controls {
  const can = capabilities(track);
  const now = track.getSettings() as Settings;
  const modes = FOCUSES.filter((mode) => can.focusMode?.includes(mode));
  const focus = FOCUSES.find((mode) => mode === now.focusMode) ?? modes[0];
  const { zoom } = can;
  return {
    torch: can.torch ? (now.torch ?? false) : null,
    zoom: zoom && zoom.max > zoom.min ? { min: zoom.min, max: zoom.max, step: zoom.step || (zoom.max - zoom.min) / 20, value: now.zoom ?? zoom.min } : null,
    focus: focus && modes.length > 1 ? { modes, value: focus } : null,
  };
}

/** Sets one of them; answers how things stand then, which is as before when the camera refuses. */
export async function adjust(track: Track, change: { torch?: boolean; zoom?: number; focusMode?: Focus }): Promise<Controls> {
  const now = track.getSettings() as Settings;
  // Constraints replace each other as a whole: what was set before is said again.
  const kept = Object.fromEntries(
    (['torch', 'zoom', 'focusMode'] as const).flatMap((name) => (capabilities(track)[name] && now[name] !== undefined ? [[name, now[name]]] : [])),
  );
  const { width, height } = now;
  try {
    await track.applyConstraints({ ...ideal(width, height), advanced: [{ ...kept, ...change } as MediaTrackConstraintSet] });
  } catch {
    // The camera stays as it is, and the screen shows that.
  }
  return controlsOf(track);
}

export function largestOf(track: Track): Size {
  const { width, height } = capabilities(track);
  const { width: wide, height: high } = PIXELS['1080p'];
  return (width?.max ?? 0) >= wide && (height?.max ?? 0) >= high ? '1080p' : '720p';
}

/** False when the camera refuses. */
export async function resize(track: Track, size: Size): Promise<boolean> {
  const { width, height } = PIXELS[size];
  try {
    await track.applyConstraints(ideal(width, height));
    return true;
  } catch {
    return false;
  }
}

function ideal(width: number | undefined, height: number | undefined): MediaTrackConstraints {
  return { ...(width ? { width: { ideal: width } } : {}), ...(height ? { height: { ideal: height } } : {}) };
}
