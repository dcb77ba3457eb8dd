// A camera whose picture the test draws, and sheets of the demo school to hold up before it.
import type { Page } from 'playwright-core';
import { inject } from 'vitest';
import { Desk } from './desk';

/** Runs in the page: the camera becomes a canvas, and `show` draws pictures on it. */
export function canvasCamera(): void {
  const canvas = document.createElement('canvas');
  canvas.width = 1280;
  canvas.height = 720;
  const context = canvas.getContext('2d')!;
  let shown: ImageBitmap[] = [];
  let sway = 0;
  const draw = () => {
    sway += 0.13;
    context.fillStyle = '#6f6a63';
    context.fillRect(0, 0, canvas.width, canvas.height);
    shown.forEach((picture, place) => {
      // Held in a hand: never quite still, and a little turned.
      context.setTransform(1, 0.03, -0.03, 1, 60 + 3 * Math.sin(sway), 50 + 330 * place + 2 * Math.cos(sway));
      context.drawImage(picture, 0, 0);
    });
    context.setTransform(1, 0, 0, 1, 0, 0);
  };
  setInterval(draw, 33);
  const show = async (pictures: string[]): Promise<number> => {
    const bytes = (picture: string) => Uint8Array.from(atob(picture), (char) => char.charCodeAt(0));
    shown = await Promise.all(pictures.map((picture) => createImageBitmap(new Blob([bytes(picture)], { type: 'image/png' }))));
    draw();
    return performance.now();
  };
  Object.assign(window, { show });
  navigator.mediaDevices.getUserMedia = () => Promise.resolve(canvas.captureStream(30));
  const devices = [{ kind: 'videoinput', deviceId: 'canvas', label: 'Canvas', groupId: '' } as MediaDeviceInfo];
  navigator.mediaDevices.enumerateDevices = () => Promise.resolve(devices);
}

/** Holds pictures up before the canvas camera, one below the other; answers the page's clock at that moment. */
export function holdUp(page: Page, pictures: Buffer[]): Promise<number> {
  const encoded = pictures.map((picture) => picture.toString('base64'));
  return page.evaluate((sent) => (window as unknown as { show(p: string[]): Promise<number> }).show(sent), encoded);
}

/** Pictures of printed badges, labels and charters, taken from the print pages. */
export class Sheets {
  private constructor(private readonly desk: Desk) {}

  static async open(): Promise<Sheets> {
    const desk = await Desk.blank({ width: 1100, height: 1400, scale: 1.8 });
    await desk.page.getByLabel('Nom d’utilisateur').fill('referent');
    await desk.page.getByLabel('Mot de passe ou code').fill('referent-2026');
    await desk.page.getByRole('button', { name: 'Se connecter' }).click();
    await desk.page.getByLabel('Nom du poste').waitFor();
    return new Sheets(desk);
  }

  badge(group: string, code: string): Promise<Buffer> {
    return this.#picture(`/print/badges?class=${encodeURIComponent(group)}`, code, 'main li');
  }

  label(serial: string): Promise<Buffer> {
    return this.#picture('/print/labels', serial, 'main li');
  }

  /** Pieces of a page as one picture, with light around them. */
  async framed(pieces: string): Promise<Buffer> {
    const page = await this.desk.context.newPage();
    await page.setContent(`<body style="margin: 40px; background: #fff">${pieces}`);
    await page.waitForLoadState();
    return page.screenshot({ fullPage: true });
  }

  close(): Promise<void> {
    return this.desk.close();
  }

  async #picture(path: string, text: string, element: string): Promise<Buffer> {
    const { page } = this.desk;
    await page.goto(inject('address') + path);
    const one = page.locator(element).filter({ hasText: text }).first();
    while (!(await one.count())) {
      const before = page.url();
      await page.getByRole('button', { name: 'Partie suivante' }).click();
      await page.waitForURL((url) => url.href !== before);
    }
    return one.screenshot();
  }
}
