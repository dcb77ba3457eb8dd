import { expect, test } from 'vitest';
import { type Size, SizeChoice } from './size';

function after(choice: SizeChoice, ms: number, frames = 20): (Size | null)[] {
  return Array.from({ length: frames }, () => choice.took(ms)).filter((size) => size !== null);
}

test('a quick computer goes up, and comes back when it turns out slow, for good', () => {
  const choice = new SizeChoice(null, '1080p');
  expect(after(choice, 12, 19)).toEqual([]);
  expect(after(choice, 12, 1)).toEqual(['1080p']);
  expect(after(choice, 50, 40)).toEqual([]);
  expect(after(choice, 80)).toEqual(['720p']);
  expect(after(choice, 10, 100)).toEqual([]);
});

test('one slow frame decides nothing', () => {
  const choice = new SizeChoice('1080p', '1080p');
  choice.took(900);
  expect(after(choice, 20, 60)).toEqual([]);
  expect(choice.size).toBe('1080p');
});

test('a camera without 1080p, or a computer known to be slow, stays', () => {
  expect(after(new SizeChoice(null, '720p'), 5, 60)).toEqual([]);
  expect(after(new SizeChoice('720p', '1080p'), 5, 60)).toEqual([]);
  expect(new SizeChoice('1080p', '720p').size).toBe('720p');
});
