import { expect, test } from 'vitest';
import type { Table } from '../api/types';
import { isUnderWay, looksLikeXml, nextAfter, nextFor, rate } from './incoming';

const bytes = (text: string, encoding: BufferEncoding = 'utf8') => new Uint8Array(Buffer.from(text, encoding));
const table: Table = { sheets: [], kinds: [], proposed: null, remembered: false };

test.each([
  ['plain', bytes('<?xml version="1.0"?>'), true],
  ['with a byte order mark', bytes('\uFEFF<BEE_ELEVES>'), true],
  ['UTF-16', bytes('\uFEFF<?xml', 'utf16le'), true],
  ['after blank lines', bytes('\r\n  <a/>'), true],
  ['a table', bytes('Nom;Prénom'), false],
  ['a zip', bytes('PK\u0003\u0004<'), false],
  ['nothing', bytes(''), false],
])('XML is told by its first mark: %s', (_, head, is) => {
  expect(looksLikeXml(head)).toBe(is);
});

test('accounts are printed, an unknown table is described, all else is sent', () => {
  expect(nextFor({ kind: 'accounts', kind_label: 'comptes', table: null })).toBe('accounts');
  expect(nextFor({ kind: null, kind_label: null, table })).toBe('mapping');
  expect(nextFor({ kind: 'delivery', kind_label: 'bon de livraison', table })).toBe('send');
  expect(nextFor({ kind: null, kind_label: null, table: null })).toBe('send');
});

test('a folder is sent though it cannot be looked at, accounts are printed, all else stays refused', () => {
  expect(['several_files', 'accounts_are_printed', 'unknown_file'].map(nextAfter)).toEqual(['send', 'accounts', null]);
});

test('a rate is told once there is one', () => {
  expect(rate(0, 500)).toBe(0);
  expect(rate(1_000, 0)).toBe(0);
  expect(rate(30_000, 1_500)).toBe(20_000);
});

test('a file is worked on until somebody may decide', () => {
  expect(['reading', 'staged', 'applying', 'applied'].map(isUnderWay)).toEqual([true, false, true, false]);
});
