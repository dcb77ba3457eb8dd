// One tone for each outcome, told apart with closed eyes: done rises, already is flat, refused falls, unknown is low.
import type { Tone } from '../flow/desk';

/** Frequency in Hz, start and length in ms. */
type Note = [hertz: number, startMs: number, lengthMs: number];

const TONES: Record<Tone, Note[]> = {
  done: [[660, 0, 110], [990, 120, 180]],
  already: [[620, 0, 260]],
  refused: [[520, 0, 170], [310, 180, 320]],
  unknown: [[220, 0, 140]],
};

let context: AudioContext | undefined;

/** Plays the outcome's tone. Browsers keep silent until somebody has touched the page; that is no failure. */
export function play(tone: Tone): void {
  try {
    context ??= new AudioContext();
    void context.resume();
    for (const [hertz, startMs, lengthMs] of TONES[tone]) note(context, hertz, startMs / 1000, lengthMs / 1000);
  } catch {
    // A computer without sound still shows colour, icon and sentence.
  }
}

function note(audio: AudioContext, hertz: number, start: number, length: number): void {
  const oscillator = audio.createOscillator();
  const gain = audio.createGain();
  const from = audio.currentTime + start;
  oscillator.frequency.value = hertz;
  gain.gain.setValueAtTime(0, from);
  gain.gain.linearRampToValueAtTime(0.2, from + 0.01);
  gain.gain.linearRampToValueAtTime(0, from + length);
  oscillator.connect(gain).connect(audio.destination);
  oscillator.start(from);
  oscillator.stop(from + length);
}
