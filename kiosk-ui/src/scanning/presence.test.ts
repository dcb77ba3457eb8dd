import { expect, test } from 'vitest';
import type { SeenCode } from '../api/types';
import { Presence } from './presence';

const code = (text: string, confirmed = true): SeenCode => ({
  text, confirmed, symbology: 'Code128', corners: [[0, 0], [1, 0], [1, 1], [0, 1]],
});

test('a code held up is one event, and a new one after it was taken away', () => {
  const presence = new Presence();
  expect(presence.look([code('A')], 0).fresh).toHaveLength(1);
  for (let now = 100; now < 20_000; now += 100) expect(presence.look([code('A')], now).fresh).toHaveLength(0);
  expect(presence.look([], 21_000).inView).toHaveLength(0);
  expect(presence.look([code('A')], 23_000).fresh).toHaveLength(1);
});

test('a serial number as bars and as a matrix is one event', () => {
  const presence = new Presence();
  const matrix = { ...code('A'), symbology: 'DATA_MATRIX' };
  expect(presence.look([code('A'), matrix], 0).fresh).toHaveLength(1);
  expect(presence.look([matrix], 100).fresh).toHaveLength(0);
});

test('a blink of the reader is no new event', () => {
  const presence = new Presence();
  presence.look([code('A')], 0);
  expect(presence.look([code('A')], 2_000).fresh).toHaveLength(0);
});

test('what was put back is fresh again while it is held up', () => {
  const presence = new Presence();
  const seen = presence.look([code('A')], 0);
  presence.putBack(seen.fresh);
  expect(presence.look([code('A')], 100).fresh).toHaveLength(1);
  expect(presence.look([code('A')], 200).fresh).toHaveLength(0);
});

test('an unproved code counts when the service says so, and stays in view', () => {
  const presence = new Presence();
  expect(presence.look([code('A', false)], 0)).toEqual({ fresh: [], inView: [] });
  expect(presence.look([code('A', true)], 100).fresh).toHaveLength(1);
  expect(presence.look([code('A', false)], 200)).toEqual({ fresh: [], inView: [code('A', false)] });
});
