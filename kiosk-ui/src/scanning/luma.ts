// Frames of grey pixels: `LUMA`, width and height (16 bits, little-endian), then one byte a pixel.

export const HEADER = 8;
const MAGIC = [0x4c, 0x55, 0x4d, 0x41];

/** Writes the header into memory for `width` × `height` pixels. */
export function writeHeader(memory: ArrayBuffer, width: number, height: number): void {
  new Uint8Array(memory).set(MAGIC);
  new DataView(memory).setUint16(4, width, true);
  new DataView(memory).setUint16(6, height, true);
}

/** A frame's size, or nothing when it is no frame or its pixels are fewer than its header says. */
export function frameSize(frame: ArrayBuffer): { width: number; height: number } | null {
  if (frame.byteLength < HEADER || !MAGIC.every((byte, at) => new Uint8Array(frame)[at] === byte)) return null;
  const view = new DataView(frame);
  const [width, height] = [view.getUint16(4, true), view.getUint16(6, true)];
  return frame.byteLength - HEADER >= width * height ? { width, height } : null;
}

/** Grey pixels by ITU-R BT.601, into `memory` when it has the size. */
export function lumaFrame({ data, width, height }: Pick<ImageData, 'data' | 'width' | 'height'>, memory?: ArrayBuffer): ArrayBuffer {
  const bytes = HEADER + width * height;
  const frame = new Uint8Array(memory?.byteLength === bytes ? memory : new ArrayBuffer(bytes));
  writeHeader(frame.buffer, width, height);
  for (let pixel = 0, at = 0; pixel < width * height; pixel++, at += 4) {
    frame[HEADER + pixel] = (77 * data[at]! + 150 * data[at + 1]! + 29 * data[at + 2]! + 128) >> 8;
  }
  return frame.buffer;
}
