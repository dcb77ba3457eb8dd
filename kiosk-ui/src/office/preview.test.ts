import { expect, test } from 'vitest';
import { parse } from './preview';

test('quotes, separators inside them, and the byte order mark', () => {
  expect(parse('\uFEFFNom;Motif\r\n"Mercier; Lina";"dit ""oui"""\r\n;x\r\n')).toEqual([
    ['Nom', 'Motif'], ['Mercier; Lina', 'dit "oui"'], ['', 'x'],
  ]);
});

test('a row that is cut off is the last one', () => {
  expect(parse('a;b\r\nc')).toEqual([['a', 'b'], ['c']]);
});
