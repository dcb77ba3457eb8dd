import { expect, test } from 'vitest';
import type { Delivery, ReserveGauge } from '../api/types';
import { counts, share, toOpen } from './reception';

const delivery = (more: Partial<Delivery> = {}): Delivery => ({
  id: 'd', note_number: 'BL1', order_number: null, delivered_on: null, checked_at: null, expected: 10, seen: 7, damaged: 0, extra: 0,
  other_note: 0, other_school: 0, ...more,
});
const gauge: ReserveGauge = { entitled: 601, reserve: 10, percent: 1.7, standing: 'below', floor: 13, ceiling: 24, lent: 0, in_stock: 5, in_repair: 0 };

test('the big numbers say what is missing, and what differs only when it does', () => {
  expect(counts(delivery()).map((one) => `${one.name} ${one.value}`)).toEqual(['expected 10', 'seen 7', 'missing 3']);
  const strange = counts(delivery({ seen: 10, damaged: 1, other_school: 2 }));
  expect(strange.map((one) => `${one.name} ${one.value} ${one.tone}`).slice(2)).toEqual(['missing 0 done', 'damaged 1 refused', 'other_school 2 refused']);
});

test('the delivery under way opens by itself', () => {
  const over = delivery({ id: 'over', checked_at: '2026-09-01T08:00:00Z' });
  const full = delivery({ id: 'full', seen: 10 });
  expect(toOpen([over, full, delivery({ id: 'now' })])?.id).toBe('now');
  expect(toOpen([over, full])?.id).toBe('full');
  expect(toOpen([over])?.id).toBe('over');
  expect(toOpen([])).toBeUndefined();
});

test('a share is rounded up and drawn from the stock', () => {
  expect(share(gauge, 30)).toEqual({ wanted: 19, more: 9, short: 4, percent: 3.2, standing: 'within' });
  expect(share(gauge, 10)).toEqual({ wanted: 7, more: 0, short: 0, percent: 1.7, standing: 'below' });
  expect(share(gauge, 50).standing).toBe('above');
  expect(share({ ...gauge, entitled: 0 }, 30).percent).toBeNull();
});
