// The first rows of a CSV, read from the very file that is downloaded; the rest is not fetched.

import { Unreachable, refuse } from '../api/client';

/** The first `count` rows of the file at `address`, heading included. */
export async function firstRows(address: string, count: number, signal: AbortSignal): Promise<string[][]> {
  const response = await fetch(address, { signal, credentials: 'same-origin' });
  await refuse(response, address);
  if (!response.body) throw new Unreachable('no body');
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { value, done } = await reader.read();
    text += value ?? '';
    const rows = parse(text);
    // The last row may be cut off while more is to come.
    if (done) return rows.slice(0, count);
    if (rows.length > count) {
      void reader.cancel();
      return rows.slice(0, count);
    }
  }
}

/** Rows of a `;` CSV as the register writes it (RFC 4180 quoting). */
export function parse(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  for (let at = text.startsWith('\uFEFF') ? 1 : 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (quoted) {
      if (char !== '"') cell += char;
      else if (text.charAt(at + 1) === '"') {
        cell += '"';
        at++;
      } else quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === ';' || char === '\n') {
      row.push(cell);
      cell = '';
      if (char === '\n') {
        rows.push(row);
        row = [];
      }
    } else if (char !== '\r') cell += char;
  }
  if (cell !== '' || row.length > 0) rows.push([...row, cell]);
  return rows;
}
