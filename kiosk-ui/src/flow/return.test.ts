import { expect, test } from 'vitest';
import type { OutLoan } from '../api/types';
import { GOOD, inPortions, isGood, isTold, items, progress, returned, toggle, toggleAll, toggleByKey, transferable } from './return';

const loan = (id: string, more: Partial<OutLoan> = {}): OutLoan =>
  ({ loan_id: id, kind: 'allocation', state: 'lent', kit: ['Chargeur', 'Housse'], ...more }) as OutLoan;

test('everything is good unless a key says otherwise', () => {
  const list = items(['Chargeur', 'Housse']);
  expect(list.map((item) => `${item.key} ${item.word}`)).toEqual(['1 Écran', '2 Clavier', '3 Coque', '4 Batterie', '5 Chargeur', '6 Housse']);
  const told = toggleByKey(toggleByKey(GOOD, ['Chargeur', 'Housse'], '1'), ['Chargeur', 'Housse'], '6');
  expect(told).toEqual({ damaged: ['Écran'], missing: ['Housse'], note: '' });
  expect([isGood(GOOD), isGood(told), isTold(told, list[0]!)]).toEqual([true, false, true]);
  expect(toggle(told, list[0]!).damaged).toEqual([]);
  expect(toggleByKey(GOOD, [], '9')).toBe(GOOD);
});

test('what was never handed over is not missing', () => {
  const check = { damaged: [], missing: ['Housse', 'Chargeur'], note: ' rayé ' };
  expect(returned(loan('L1', { kit: ['Chargeur'] }), check)).toEqual({ loan_id: 'L1', damaged: [], missing: ['Chargeur'], note: 'rayé' });
});

test('a class is done when nothing is left in its hands', () => {
  const out = [loan('a'), loan('b', { state: 'in_repair' })];
  expect(progress(out, 30)).toEqual({ back: 28, left: 1, away: 1 });
  expect(progress([], 0)).toEqual({ back: 0, left: 0, away: 0 });
});

test('only own laptops in hand are transferred, in portions the service takes', () => {
  const out = [loan('a'), loan('b', { kind: 'temporary' }), loan('c', { state: 'in_repair' }), loan('d')];
  const own = transferable(out);
  expect(own.map((one) => one.loan_id)).toEqual(['a', 'd']);
  expect([...toggleAll(new Set(['a']), own)]).toEqual(['a', 'd']);
  expect([...toggleAll(new Set(['a', 'd']), own)]).toEqual([]);
  expect(inPortions(Array.from({ length: 250 }, (_, at) => String(at))).map((one) => one.length)).toEqual([100, 100, 50]);
});
