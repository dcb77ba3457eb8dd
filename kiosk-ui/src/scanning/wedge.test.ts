import { expect, test } from 'vitest';
import { type Key, Wedge, readings } from './wedge';

/** The physical keys a scanner set to a US keyboard presses for `text`. */
function us(text: string, gap = 8): Key[] {
  return [...text].map((char, at) => {
    const upper = /[A-Z]/.test(char);
    const code = /\d/.test(char) ? `Digit${char}` : char === '-' ? 'Minus' : `Key${char.toUpperCase()}`;
    return { code, shift: upper, atMs: at * gap, into: 'field' };
  });
}

/** The same for a scanner set to a French keyboard: digits with Shift, A where Q is. */
function fr(text: string): Key[] {
  const swap: Record<string, string> = { A: 'Q', Q: 'A', Z: 'W', W: 'Z' };
  return [...text].map((char, at) =>
    /\d/.test(char)
      ? { code: `Digit${char}`, shift: true, atMs: at * 8, into: 'field' }
      : { code: char === 'M' ? 'Semicolon' : `Key${swap[char] ?? char}`, shift: true, atMs: at * 8, into: 'field' });
}

function run(keys: Key[]): string[][] {
  const codes: string[][] = [];
  const wedge = new Wedge((texts) => codes.push(texts));
  keys.forEach((key) => wedge.key(key));
  wedge.end();
  return codes;
}

test.each(['5CD0217XKJ', 'PF1ZQWAM', 'EL-000123'])('%s from a scanner with a US keyboard', (text) => {
  expect(readings(us(text))[0]).toBe(text);
});

test.each(['5CD0217XKJ', 'PF1ZQWAM'])('%s from a scanner with a French keyboard', (text) => {
  expect(readings(fr(text))).toContain(text);
});

test('a burst is a code, typing is not', () => {
  expect(run(us('5CD0217XKJ'))).toHaveLength(1);
  expect(run(us('mercier', 120))).toHaveLength(0);
  expect(run(us('abc'))).toHaveLength(0);
});

test('a slow scanner is heard where nobody types', () => {
  const slow = us('5CD0217XKJ', 90);
  expect(run(slow)).toHaveLength(0);
  expect(run(slow.map((key) => ({ ...key, into: 'page' })))).toHaveLength(1);
});

test('slow typing before a burst is not part of it', () => {
  const typed: Key[] = [{ code: 'KeyZ', shift: false, atMs: -500, into: 'field' }];
  expect(run([...typed, ...us('5CD0217XKJ')])[0]?.[0]).toBe('5CD0217XKJ');
});
