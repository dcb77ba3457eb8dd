import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Unreachable } from '../api/client';
import type { Resolution, SeenFrame } from '../api/types';
import { ChosenEngine, type Engine, type EngineEvents, type Place } from './engine';
import { hasSimd } from './module';
import { PageEngine, type ReaderWorker } from './page-engine';
import type { FromWorker, PageReading, ToWorker } from './protocol';

/** An empty module: what runs in the worker is tested in the browser. */
const MODULE = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);

class FakeWorker implements ReaderWorker {
  onmessage: ReaderWorker['onmessage'] = null;
  onmessageerror: ReaderWorker['onmessageerror'] = null;
  onerror: ReaderWorker['onerror'] = null;
  ended = false;
  got: ToWorker[] = [];

  constructor(readonly answers: boolean, readonly shows: PageReading[]) {}

  postMessage(message: ToWorker): void {
    this.got.push(message);
    if (message.kind === 'start') return void queueMicrotask(() => this.says({ kind: 'ready' }));
    const { frame } = message;
    if (this.answers) queueMicrotask(() => this.says({ kind: 'read', frame, width: 4, height: 3, ms: 5, readings: this.shows }));
  }

  says(data: FromWorker): void {
    this.onmessage?.({ data } as MessageEvent<FromWorker>);
  }

  terminate(): void {
    this.ended = true;
  }
}

const reading = (text: string, confirmed = true): PageReading => ({
  symbology: 'CODE_39', text, corners: [[0, 0], [1, 0], [1, 1], [0, 1]], module: 2, votes: 2,
  checked: false, upside_down: false, inverted: false, confirmed,
});

let workers: FakeWorker[];
let seen: SeenFrame[];
let links: boolean[];
let asked: string[][];
let spare: ArrayBuffer[];
let gaveUp: number;
let answers: boolean;
let shows: PageReading[];
let network: boolean;
let engine: PageEngine;

const events: EngineEvents = {
  seen: (frame) => seen.push(frame), failed: () => {}, link: (open) => links.push(open), spare: (memory) => spare.push(memory),
};

async function open(): Promise<PageEngine> {
  const module = Promise.resolve(new WebAssembly.Module(MODULE));
  const worker = () => {
    const made = new FakeWorker(answers, shows);
    workers.push(made);
    return made;
  };
  const resolve = async (codes: string[]): Promise<Resolution[]> => {
    asked.push(codes);
    if (!network) throw new Unreachable('gone');
    return codes.map((text) => ({ text, standing: 'known', meaning: 'other' }) as Resolution);
  };
  engine = new PageEngine({ module, worker, resolve }, events, () => gaveUp++);
  await vi.advanceTimersByTimeAsync(0);
  return engine;
}

async function show(): Promise<void> {
  engine.send(new ArrayBuffer(20));
  await vi.advanceTimersByTimeAsync(1);
}

beforeEach(() => {
  vi.useFakeTimers();
  [workers, seen, links, asked, spare, gaveUp, answers, shows, network] = [[], [], [], [], [], 0, true, [], true];
});
afterEach(() => {
  engine?.close();
  vi.useRealTimers();
});

test('a frame is read, its codes are asked about once, and its memory comes back', async () => {
  shows = [reading('A')];
  await open();
  expect(engine.idle).toBe(true);
  await show();
  await show();
  expect(seen.map((frame) => frame.readings[0]?.resolution?.standing)).toEqual(['known', 'known']);
  expect(asked).toEqual([[], ['A']]);
  expect(spare).toHaveLength(2);
});

test('a known text is asked again after some seconds', async () => {
  shows = [reading('A')];
  await open();
  await show();
  await vi.advanceTimersByTimeAsync(4_100);
  await show();
  expect(asked.filter((codes) => codes[0] === 'A')).toHaveLength(2);
});

test('one frame at a time: nothing queues up', async () => {
  answers = false;
  await open();
  await show();
  expect(engine.idle).toBe(false);
  await show();
  expect(workers[0]!.got.filter((message) => message.kind === 'read')).toHaveLength(1);
});

test('a worker that dies or says nothing is replaced', async () => {
  await open();
  workers[0]!.onerror!({} as ErrorEvent);
  await vi.advanceTimersByTimeAsync(1);
  expect(workers[0]!.ended).toBe(true);
  expect(engine.idle).toBe(true);
  await show();
  expect(seen).toHaveLength(1);
  workers[1]!.postMessage = () => {};
  engine.send(new ArrayBuffer(20));
  await vi.advanceTimersByTimeAsync(3_100);
  expect(workers).toHaveLength(3);
  await show();
  expect(seen).toHaveLength(2);
  expect(gaveUp).toBe(0);
});

test('after three deaths in a row it gives up, once', async () => {
  answers = false;
  await open();
  for (let death = 0; death < 3; death++) {
    await show();
    await vi.advanceTimersByTimeAsync(3_100);
  }
  await vi.advanceTimersByTimeAsync(20_000);
  expect(workers).toHaveLength(3);
  expect(gaveUp).toBe(1);
});

test('a module that cannot be had is given up at once', async () => {
  const module = Promise.reject<WebAssembly.Module>(new Error('gone'));
  engine = new PageEngine({ module, worker: () => new FakeWorker(true, []), resolve: async () => [] }, events, () => gaveUp++);
  await vi.advanceTimersByTimeAsync(1);
  expect(gaveUp).toBe(1);
});

test('without a network the link is down, and a code that counted meanwhile counts when it is back', async () => {
  await open();
  expect(links).toEqual([true]);
  network = false;
  workers[0]!.shows.push(reading('B'));
  await show();
  expect(links.at(-1)).toBe(false);
  expect(seen.at(-1)?.readings).toEqual([]);
  network = true;
  await vi.advanceTimersByTimeAsync(600);
  expect(links.at(-1)).toBe(true);
  // It agreed once, as a code without a checksum does.
  workers[0]!.shows.splice(0, 1, reading('B', false));
  await show();
  expect(seen.at(-1)?.readings).toMatchObject([{ text: 'B', confirmed: true }]);
  await show();
  expect(seen.at(-1)?.readings).toMatchObject([{ text: 'B', confirmed: false }]);
});

test('a network that goes while nothing is shown is noticed', async () => {
  await open();
  network = false;
  await vi.advanceTimersByTimeAsync(4_100);
  expect(links.at(-1)).toBe(false);
});

test('nothing comes after it was closed', async () => {
  shows = [reading('A')];
  await open();
  engine.send(new ArrayBuffer(20));
  engine.close();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(seen).toEqual([]);
  expect(gaveUp).toBe(0);
});

test('the service reads when the page cannot, when it is wanted, and when the page gives up', () => {
  let giveUp = () => {};
  const fake = (): Engine & { closed: boolean } => ({ idle: true, luma: true, closed: false, send: () => {}, close() { this.closed = true; } });
  const own = fake();
  const places: Place[] = [];
  const engines = { page: (_: EngineEvents, up: () => void) => ((giveUp = up), own), service: fake };
  expect(new ChosenEngine('service', engines, events, () => {}).place).toBe('service');
  expect(new ChosenEngine('page', { ...engines, page: () => null }, events, () => {}).place).toBe('service');
  const chosen = new ChosenEngine('page', engines, events, (place) => places.push(place));
  giveUp();
  expect(places).toEqual(['page', 'service']);
  expect(own.closed).toBe(true);
  expect(chosen.place).toBe('service');
});

test('the probe for vector instructions is a valid module', () => {
  expect(hasSimd()).toBe(true);
});
