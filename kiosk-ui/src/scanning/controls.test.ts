import { expect, test } from 'vitest';
import { adjust, controlsOf, largestOf, resize } from './controls';

function camera(capabilities: object, refuses = false) {
  const settings: Record<string, unknown> = { width: 1280, height: 720, torch: false, zoom: 1, focusMode: 'continuous' };
  const applied: MediaTrackConstraints[] = [];
  return {
    applied,
    getCapabilities: () => capabilities as MediaTrackCapabilities,
    getSettings: () => settings as MediaTrackSettings,
    applyConstraints: async (constraints?: MediaTrackConstraints) => {
      if (refuses) throw new DOMException('no', 'OverconstrainedError');
      applied.push(constraints ?? {});
      for (const set of constraints?.advanced ?? []) Object.assign(settings, set);
    },
  };
}

const ALL = { torch: true, zoom: { min: 1, max: 4, step: 0.5 }, focusMode: ['continuous', 'manual'], width: { max: 1920 }, height: { max: 1080 } };

test('only what the camera has is offered', () => {
  expect(controlsOf(camera({}))).toEqual({ torch: null, zoom: null, focus: null });
  expect(controlsOf(camera({ zoom: { min: 1, max: 1 }, focusMode: ['continuous'] }))).toEqual({ torch: null, zoom: null, focus: null });
  expect(controlsOf(camera(ALL))).toEqual({
    torch: false, zoom: { min: 1, max: 4, step: 0.5, value: 1 }, focus: { modes: ['continuous', 'manual'], value: 'continuous' },
  });
  expect(controlsOf({ ...camera(ALL), getCapabilities: undefined })).toEqual({ torch: null, zoom: null, focus: null });
});

test('setting one keeps the others and the size', async () => {
  const track = camera(ALL);
  expect((await adjust(track, { torch: true })).torch).toBe(true);
  const after = await adjust(track, { zoom: 2 });
  expect(after.torch).toBe(true);
  expect(after.zoom?.value).toBe(2);
  expect(track.applied.at(-1)).toEqual({
    width: { ideal: 1280 }, height: { ideal: 720 }, advanced: [{ torch: true, zoom: 2, focusMode: 'continuous' }],
  });
});

test('a camera that refuses stays as it is', async () => {
  const track = camera(ALL, true);
  expect((await adjust(track, { torch: true })).torch).toBe(false);
  expect(await resize(track, '1080p')).toBe(false);
});

test('1080p is for cameras that have it', () => {
  expect(largestOf(camera(ALL))).toBe('1080p');
  expect(largestOf(camera({ width: { max: 1280 }, height: { max: 720 } }))).toBe('720p');
  expect(largestOf(camera({}))).toBe('720p');
});
