import { expect, test } from 'vitest';
import { prefersLuma } from './camera';
import { frameSize, lumaFrame } from './luma';

test('a luma frame has its header and one byte a pixel', () => {
  const data = new Uint8ClampedArray([255, 255, 255, 255, 0, 0, 0, 255, 255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 9, 9, 9, 255]);
  const frame = new Uint8Array(lumaFrame({ data, width: 3, height: 2 }));
  expect([...frame.slice(0, 8)]).toEqual([0x4c, 0x55, 0x4d, 0x41, 3, 0, 2, 0]);
  expect([...frame.slice(8)]).toEqual([255, 0, 77, 149, 29, 9]);
});

test('grey pixels only on the same machine', () => {
  expect(prefersLuma('localhost')).toBe(true);
  expect(prefersLuma('remise.lycee.example')).toBe(false);
});

test('a frame with fewer pixels than it says is none; spare bytes are no harm', () => {
  const frame = lumaFrame({ data: new Uint8ClampedArray(24), width: 3, height: 2 });
  expect(frameSize(frame)).toEqual({ width: 3, height: 2 });
  expect(frameSize(frame.slice(0, 13))).toBeNull();
  expect(frameSize(new ArrayBuffer(4))).toBeNull();
  expect(frameSize(new ArrayBuffer(20))).toBeNull();
});

test('memory of the right size is used again', () => {
  const data = new Uint8ClampedArray(24);
  const memory = new ArrayBuffer(14);
  expect(lumaFrame({ data, width: 3, height: 2 }, memory)).toBe(memory);
  expect(lumaFrame({ data, width: 2, height: 3 }, new ArrayBuffer(9)).byteLength).toBe(14);
});
