import { expect, test } from 'vitest';
import { marks, plot } from './gauge';

test('both bounds and the reserve stand where they belong', () => {
  expect(marks({ reserve: 18, floor: 12, ceiling: 24 })).toEqual({ value: 50, planned: null, floor: 33.3, ceiling: 66.7 });
  expect(marks({ reserve: 72, floor: 12, ceiling: 24 }, 80)).toMatchObject({ value: 90, planned: 100, ceiling: 30 });
  expect(marks({ reserve: 0, floor: 0, ceiling: 0 }).value).toBe(0);
});

test('the plot goes from the first day to the last, the largest at the top', () => {
  expect(plot([10, 20, 5], 10)).toEqual([{ x: 0, y: 50 }, { x: 50, y: 0 }, { x: 100, y: 75 }]);
  expect(plot([3], 6)).toEqual([{ x: 0, y: 50 }]);
  expect(plot([], 0)).toEqual([]);
});
