// What becomes of a dropped file: asked about first, sent, described or printed.
import type { FilePreview } from '../api/types';

/** What the service takes; a browser that is told so while sending sees a broken connection. */
export const MOST_BYTES = 512 * 1024 * 1024;
/** Bytes that tell whether a file is XML. */
export const HEAD_BYTES = 64;

/** States of the service in which a file is still being worked on. */
const UNDER_WAY = ['reading', 'applying'];

export const isUnderWay = (state: string) => UNDER_WAY.includes(state);

/** XML names what it is, so that a list of a whole Région is sent once only; what else there is may be a table nobody knows. */
export function looksLikeXml(head: Uint8Array): boolean {
  // The zeros of UTF-16, byte order marks and blanks stand before the first mark.
  const beforeIt = new Set([0x00, 0x09, 0x0a, 0x0d, 0x20, 0xef, 0xbb, 0xbf, 0xfe, 0xff]);
  return head.find((byte) => !beforeIt.has(byte)) === 0x3c;
}

export type Next = 'accounts' | 'mapping' | 'send';

export function nextFor(preview: FilePreview): Next {
  if (preview.kind === 'accounts') return 'accounts';
  return preview.kind == null && preview.table != null ? 'mapping' : 'send';
}

/** What the refusal to look at a file leads to, beside telling it: a folder is no fault, and accounts go onto paper only. */
export function nextAfter(refusal: string): Next | null {
  if (refusal === 'accounts_are_printed') return 'accounts';
  return refusal === 'several_files' ? 'send' : null;
}

/** Whole rows a second; none before anything can be told. */
export function rate(rows: number, milliseconds: number): number {
  return rows > 0 && milliseconds > 0 ? Math.round((1_000 * rows) / milliseconds) : 0;
}
