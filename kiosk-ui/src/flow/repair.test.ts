import { expect, test } from 'vitest';
import type { BatchCard, Device, RepairCard, Repairs } from '../api/types';
import { away, backRequest, openBatches, overdue, standing, takeBack, waiting } from './repair';

const repair = (id: string, more: Partial<RepairCard> = {}): RepairCard => ({ id, device_id: `d${id}`, in_warranty: true, ...more }) as RepairCard;
const batch = (number: number, more: Partial<BatchCard> = {}): BatchCard => ({ id: `b${number}`, number, days_late: 0, ...more }) as BatchCard;
const laptop = (id: string, state: string, held = false): Device => ({ id, state, holder: held ? {} : null }) as unknown as Device;
const all: Repairs = {
  under_way: [repair('1'), repair('2', { batch_id: 'b2' }), repair('3', { batch_id: 'b1', sent_at: '2026-11-01T08:00:00Z' })],
  batches: [batch(2), batch(1, { sent_at: '2026-11-01T08:00:00Z', days_late: 3 }), batch(0, { sent_at: '2026-10-01T08:00:00Z', days_late: 30 })],
  ready: [], ended: [],
};

test('what waits, what is away, and what is late', () => {
  expect(waiting(all).map((one) => one.id)).toEqual(['1']);
  expect(away(all).map((one) => one.id)).toEqual(['3']);
  expect(openBatches(all).map((one) => one.number)).toEqual([2]);
  expect(overdue(all).map((one) => one.number)).toEqual([0, 1]);
});

test('a laptop that comes back is repaired and under warranty unless somebody says otherwise', () => {
  const back = takeBack(laptop('d3', 'in_repair'), all);
  expect(backRequest(back)).toEqual({ device_id: 'd3', outcome: 'repaired', diagnosis: '', under_warranty: true, cost_cents: null });
  expect(backRequest({ ...back, end: 'scrapped', underWarranty: false, cost: '89,90', diagnosis: ' carte mère ' })).toMatchObject({ cost_cents: 8_990, diagnosis: 'carte mère' });
  expect(backRequest({ ...back, cost: 'cher' })).toBeNull();
  expect(takeBack(laptop('x', 'in_repair'), null).underWarranty).toBeNull();
});

test('what a scanned laptop is for the SAV', () => {
  const told = ['awaiting_repair', 'in_repair', 'repaired', 'reserve', 'scrapped'].map((state) => standing(laptop('x', state)));
  expect(told).toEqual(['fills', 'comes-back', 'done', 'broken-here', 'elsewhere']);
  expect(standing(laptop('x', 'lent', true))).toBe('held');
  expect(standing(laptop('x', 'in_repair', true))).toBe('comes-back');
});
