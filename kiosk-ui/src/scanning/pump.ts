// Frames leave for the engine as the camera brings them, when the last one was answered: always the newest.
import type { ChosenEngine } from './engine';
import type { Grabber } from './grabber';

/** Sends the video's frames until it is stopped; none while `paused`. */
export function pump(video: HTMLVideoElement, grabber: Grabber, engine: ChosenEngine, paused: () => boolean): () => void {
  let ended = false;
  let grabbing = false;
  const next = () => {
    if (!ended) video.requestVideoFrameCallback(() => void look());
  };
  const look = async () => {
    next();
    if (grabbing || paused() || !engine.idle) return;
    grabbing = true;
    try {
      const place = engine.place;
      const frame = await grabber.grab(engine.luma);
      // Another engine may take another kind of frame.
      if (frame && !ended && engine.idle && engine.place === place) engine.send(frame);
    } finally {
      grabbing = false;
    }
  };
  next();
  return () => {
    ended = true;
    engine.close();
  };
}
