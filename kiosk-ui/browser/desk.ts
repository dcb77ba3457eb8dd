// A desk in Chromium, in the words of somebody who works at it.
import { type Browser, type BrowserContext, type Page, chromium } from 'playwright-core';
import { inject } from 'vitest';

const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--autoplay-policy=no-user-gesture-required',
];

export interface Wanted {
  role?: 'accueil' | 'referent' | 'proviseur' | 'region';
  /** An MJPEG that the camera shows, over and over. */
  camera?: string;
  dark?: boolean;
  width?: number;
  height?: number;
  /** Runs in the page before its own code. */
  before?: () => void;
  /** Where frames are read, as somebody chose at this desk. */
  reading?: 'page' | 'service';
  address?: string;
  /** Further flags of Chromium. */
  flags?: string[];
  /** Pixels of the picture for each of the page. */
  scale?: number;
}

export class Desk {
  private constructor(readonly browser: Browser, readonly context: BrowserContext, readonly page: Page) {}

  /** Opens the page and logs in; a desk of a school gets its name. */
  static async open(station: string, wanted: Wanted = {}): Promise<Desk> {
    const desk = await Desk.blank(wanted);
    await desk.logIn(station, wanted.role ?? 'accueil');
    return desk;
  }

  /** Opens the page only. */
  static async blank({ camera, dark = false, width = 1280, height = 800, before, reading, address, flags = [], scale = 1 }: Wanted = {}): Promise<Desk> {
    const fake = camera
      ? ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', `--use-file-for-fake-video-capture=${camera}`]
      : [];
    const browser = await chromium.launch({
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: [...FLAGS, ...fake, ...flags],
    });
    const context = await browser.newContext({
      viewport: { width, height }, deviceScaleFactor: scale, colorScheme: dark ? 'dark' : 'light', locale: 'fr-FR',
    });
    const page = await context.newPage();
    if (before) await page.addInitScript(before);
    if (reading) await page.addInitScript((place) => localStorage.setItem('remise.reading', place), reading);
    await page.goto(address ?? inject('address'));
    return new Desk(browser, context, page);
  }

  async logIn(station: string, role: string): Promise<void> {
    const { page } = this;
    if (role === 'region') await page.getByLabel('Établissement').selectOption('region');
    await page.getByLabel('Nom d’utilisateur').fill(role);
    await page.getByLabel('Mot de passe ou code').fill(`${role}-2026`);
    await page.getByRole('button', { name: 'Se connecter' }).click();
    if (role === 'region') return;
    await page.getByLabel('Nom du poste').fill(station);
    await page.getByRole('button', { name: 'Commencer' }).click();
    await page.getByText('Présentez le badge').waitFor();
  }

  /** A USB scanner: physical keys in a burst, then Enter. `layout` is the keyboard the scanner believes in. */
  async scans(text: string, layout: 'us' | 'fr' = 'us'): Promise<void> {
    await this.page.evaluate((keys) => {
      const target = document.activeElement ?? document.body;
      for (const key of keys) target.dispatchEvent(new KeyboardEvent('keydown', { ...key, bubbles: true, cancelable: true }));
    }, burst(text, layout));
  }

  /** The same with the browser's own keyboard, into whatever has the focus; `end` is the scanner's terminator. */
  async types(text: string, end?: 'Enter' | 'Tab'): Promise<void> {
    for (const char of text) {
      await this.page.keyboard.press(/[A-Z]/.test(char) ? `Shift+Key${char}` : /\d/.test(char) ? `Digit${char}` : 'Minus');
    }
    if (end) await this.page.keyboard.press(end);
  }

  /** Opens another screen by its name in the head; those of the office are behind a button while the desk is open. */
  async goes(name: string): Promise<void> {
    const link = this.page.getByRole('navigation').getByRole('link', { name });
    if (!(await link.isVisible())) await this.page.getByRole('button', { name: 'Bureau', exact: true }).click();
    await link.click();
  }

  /** Takes the last act of this desk in the open mode back. */
  async takesBack(reason: string): Promise<void> {
    await this.page.keyboard.press('Control+z');
    const dialog = this.page.getByRole('dialog', { name: /^Annuler : / });
    await dialog.getByRole('button', { name: reason }).click();
    await dialog.getByRole('button', { name: 'Annuler cet acte' }).click();
    await dialog.waitFor({ state: 'hidden' });
  }

  /** Takes the last hand-over of this desk back. */
  async undoes(reason: string): Promise<void> {
    await this.page.keyboard.press('Control+z');
    const dialog = this.page.getByRole('dialog', { name: 'Annuler cette remise' });
    await dialog.getByRole('button', { name: reason }).click();
    await dialog.getByRole('button', { name: 'Annuler la remise' }).click();
    await this.says('Remise annulée');
    await dialog.waitFor({ state: 'hidden' });
  }

  /** Waits for the largest words of the desk, to the letter. */
  async says(title: string | RegExp): Promise<void> {
    await this.page.locator('section[aria-live] strong').getByText(title, { exact: true }).waitFor();
  }

  /** The line at the foot of the desk, as it stands. */
  async outcome(): Promise<string> {
    return this.page.locator('section[aria-live]').innerText();
  }

  async close(): Promise<void> {
    await this.browser.close();
  }
}

interface Press {
  code: string;
  key: string;
  shiftKey: boolean;
}

function burst(text: string, layout: 'us' | 'fr'): Press[] {
  const moved: Record<string, string> = { A: 'Q', Q: 'A', Z: 'W', W: 'Z' };
  const keys = [...text].map((char): Press => {
    const digit = /\d/.test(char);
    if (layout === 'us') {
      const code = digit ? `Digit${char}` : char === '-' ? 'Minus' : `Key${char.toUpperCase()}`;
      return { code, key: char, shiftKey: /[A-Z]/.test(char) };
    }
    if (digit) return { code: `Digit${char}`, key: char, shiftKey: true };
    if (char === '-') return { code: 'Digit6', key: '-', shiftKey: false };
    return { code: char === 'M' ? 'Semicolon' : `Key${moved[char] ?? char}`, key: char, shiftKey: true };
  });
  return [...keys, { code: 'Enter', key: 'Enter', shiftKey: false }];
}
