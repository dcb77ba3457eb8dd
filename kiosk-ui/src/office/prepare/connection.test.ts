import { expect, test } from 'vitest';
import { qualityOf } from './connection';

test('a connection is good, slow or none', () => {
  expect(qualityOf([5, 6, 7, 8], 4).quality).toBe('good');
  expect(qualityOf([300, 310, 320, 330], 4).quality).toBe('slow');
  // One that never came back, or took a second, is felt at the desk.
  expect(qualityOf([5, 6, 7], 4).quality).toBe('slow');
  expect(qualityOf([5, 6, 7, 1300], 4).quality).toBe('slow');
  expect(qualityOf([5], 4).quality).toBe('none');
  expect(qualityOf([], 4).quality).toBe('none');
});
