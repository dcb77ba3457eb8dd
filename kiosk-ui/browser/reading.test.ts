import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page, Worker } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { Sheets, canvasCamera, holdUp } from './camera';
import { Desk } from './desk';
import { type Read, readByPage } from './own-reader';

const cases = inject('cases');
const COMPARED = 40;

describe.each([{ simd: true }, { simd: false }])('the page’s module with simd $simd', ({ simd }) => {
  test(`reads the same of ${COMPARED} frames as the service`, async () => {
    const folder = inject('frames');
    const all = readdirSync(folder, { recursive: true }).map(String).filter((name) => name.endsWith('.jpg')).toSorted();
    const step = Math.floor(all.length / COMPARED);
    const jpegs = Array.from({ length: COMPARED }, (_, at) => readFileSync(join(folder, all[at * step]!)).toString('base64'));
    const desk = await Desk.open('Comparaison');
    const names = (readings: Read[]) => readings.map(({ symbology, text }) => `${symbology} ${text}`).toSorted();
    let codes = 0;
    for (const [at, { own, service }] of (await desk.page.evaluate(readByPage, { jpegs, simd, effort: 1, times: 1, service: true })).entries()) {
      expect(names(own), all[at * step]).toEqual(names(service));
      codes += own.length;
    }
    expect(codes).toBeGreaterThan(COMPARED);
    await desk.close();
  });
});

describe('a reader that dies', () => {
  let sheets: Sheets;
  beforeAll(async () => void (sheets = await Sheets.open()));
  afterAll(() => sheets.close());

  /** Holds a label up and waits until the desk knows it. */
  async function reads(page: Page): Promise<void> {
    await holdUp(page, [await sheets.label(cases.equipped[0]!.laptop.serial)]);
    await page.locator('video + svg polygon.known').first().waitFor();
    await holdUp(page, []);
    await page.locator('video + svg polygon').first().waitFor({ state: 'detached' });
  }

  /** The desk's worker once it runs. */
  async function worker(page: Page, instead?: Worker): Promise<Worker> {
    const found = () => page.workers().find((one) => one !== instead);
    await expect.poll(found, { timeout: 10_000 }).toBeDefined();
    return found()!;
  }

  test('by an error or in silence is replaced, and nobody notices', async () => {
    const desk = await Desk.open('Lecteur', { before: canvasCamera, reading: 'page' });
    await reads(desk.page);
    const first = await worker(desk.page);
    await first.evaluate(() => void setTimeout(() => { throw new Error('killed by a test'); }));
    const second = await worker(desk.page, first);
    await reads(desk.page);
    await second.evaluate(() => void setTimeout(() => self.close()));
    await worker(desk.page, second);
    await reads(desk.page);
    await desk.page.getByText('Lu sur ce poste').waitFor();
    await desk.close();
  });

  test('each time leaves reading to the service', async () => {
    const desk = await Desk.open('Lecteur muet', {
      reading: 'page',
      before: () => {
        const canvas = document.createElement('canvas');
        [canvas.width, canvas.height] = [1280, 720];
        window.Worker = class extends EventTarget { postMessage() {} terminate() {} } as unknown as typeof Worker;
        navigator.mediaDevices.getUserMedia = () => Promise.resolve(canvas.captureStream(30));
        setInterval(() => canvas.getContext('2d')!.fillRect(0, 0, 9, 9), 50);
      },
    });
    await desk.page.getByText('Lu par le serveur').waitFor();
    await desk.page.getByText(/Lu par le serveur · \d+ ms/).waitFor();
    await desk.close();
  });

  test('the choice is kept at the desk, and both read', async () => {
    const desk = await Desk.open('Choix', { before: canvasCamera });
    await reads(desk.page);
    await desk.page.getByLabel('Lecture des codes').selectOption('Lecture : par le serveur');
    await desk.page.getByText('Lu par le serveur').waitFor();
    await reads(desk.page);
    await desk.page.reload();
    await desk.page.getByText('Lu par le serveur').waitFor();
    await desk.close();
  });
});

test('a hidden page switches the camera off, and on again', async () => {
  const desk = await Desk.open('Caché', { before: canvasCamera });
  await desk.page.getByText('Lu sur ce poste').waitFor();
  const look = (hidden: boolean) =>
    desk.page.evaluate((state) => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => state });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
  const stream = await desk.page.evaluateHandle(() => document.querySelector('video')!.srcObject as MediaStream);
  await look(true);
  expect(await stream.evaluate((one) => one.getVideoTracks()[0]!.readyState)).toBe('ended');
  await desk.page.getByText('Lu sur ce poste').waitFor({ state: 'detached' });
  await look(false);
  await desk.page.getByText('Lu sur ce poste').waitFor();
  await desk.close();
});

test('the lamp goes off when the desk is left', async () => {
  const desk = await Desk.open('Quitté', { before: canvasCamera, role: 'referent' });
  await desk.page.getByText('Lu sur ce poste').waitFor();
  const stream = await desk.page.evaluateHandle(() => document.querySelector('video')!.srcObject as MediaStream);
  await desk.goes('Registre');
  await expect.poll(() => stream.evaluate((one) => one.getVideoTracks()[0]!.readyState)).toBe('ended');
  await desk.close();
});
