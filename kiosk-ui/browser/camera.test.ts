import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { Sheets, canvasCamera, holdUp } from './camera';
import { Desk } from './desk';

const cases = inject('cases');

const READERS = [
  { reading: 'page', tells: 'Lu sur ce poste' },
  { reading: 'service', tells: 'Lu par le serveur' },
] as const;

describe.each(READERS)('Chromium’s fake camera shows the demo’s papers, read by the $reading', ({ reading, tells }) => {
  /** Takes back what a film made, at the same desk without its camera: other tests need these pupils. */
  async function takeBack(station: string): Promise<void> {
    const desk = await Desk.open(station);
    await desk.page.getByRole('listitem').first().waitFor();
    await desk.undoes('Mauvais élève');
    await desk.close();
  }

  test('badge, then laptop, then charter: handed over without a touch, and in the register', async () => {
    const desk = await Desk.open('Film', { camera: join(inject('frames'), 'tour.mjpeg'), role: 'referent', reading });
    await desk.page.getByText(tells).first().waitFor();
    await desk.says('Remis');
    const told = await desk.outcome();
    const made = cases.ready.find((pair) => told.includes(pair.laptop.serial));
    expect(made).toBeDefined();
    await desk.goes('Registre');
    // The look shows the first rows only.
    await desk.page.getByLabel('Classe').selectOption(made!.pupil.class!);
    await desk.page.getByRole('cell', { name: made!.laptop.serial }).first().waitFor();
    await desk.close();
    await takeBack('Film');
  });

  test('everything in one picture', async () => {
    const desk = await Desk.open('Film 2', { camera: join(inject('frames'), 'together.mjpeg'), reading });
    await desk.says('Remis');
    // A badge, a serial number and two copies are known; the label's other lines are not ours.
    await desk.page.waitForFunction(
      () => document.querySelectorAll('video + svg polygon.known').length >= 4 && document.querySelector('video + svg polygon.other'),
    );
    await desk.close();
    await takeBack('Film 2');
  });

  test('a pupil who already holds the laptop shown', async () => {
    const desk = await Desk.open('Film 3', { camera: join(inject('frames'), 'already.mjpeg'), reading });
    await desk.says('Déjà remis');
    await desk.close();
  });
});

describe.each(READERS)('held up before the camera, read by the $reading', ({ reading }) => {
  let sheets: Sheets;
  let desk: Desk;
  beforeAll(async () => {
    sheets = await Sheets.open();
    desk = await Desk.open(`Caméra, ${reading}`, { before: canvasCamera, reading });
  });
  afterAll(async () => {
    await sheets.close();
    await desk.undoes('Mauvais élève');
    await desk.close();
  });

  test('badge and laptop are read, outlined by what they are, and the laptop is handed over', async () => {
    const { pupil, laptop } = cases.charter_on_file[8]!;
    await holdUp(desk.page, [await sheets.label(laptop.serial)]);
    await desk.says('Présentez le badge de l’élève');
    await desk.page.locator('video + svg polygon.known').first().waitFor();
    await desk.page.locator('video + svg polygon.other').first().waitFor();
    await holdUp(desk.page, [await sheets.badge(pupil.class!, pupil.badge)]);
    await desk.says('Remis');
    expect(await desk.outcome()).toContain(laptop.serial);
    // Still in view: nothing more happens.
    await desk.page.waitForTimeout(1_500);
    expect(await desk.outcome()).toContain('Remis');
  });

  test('two badges in view are a question, and the answer counts', async () => {
    const [one, other] = [cases.ready[7]!.pupil, cases.ready[8]!.pupil];
    await holdUp(desk.page, []);
    await desk.page.waitForTimeout(800);
    await holdUp(desk.page, [await sheets.badge(one.class!, one.badge), await sheets.badge(other.class!, other.badge)]);
    // A laptop scanned meanwhile does not answer it.
    await desk.page.getByRole('dialog').waitFor();
    await desk.scans(cases.ready[7]!.laptop.label);
    const question = desk.page.getByRole('dialog', { name: 'Deux badges sont visibles' });
    await question.getByRole('button', { name: other.name }).click();
    await desk.says('Présentez la charte signée');
    await desk.page.getByRole('region', { name: 'Élève' }).getByText(other.name).waitFor();
    await desk.page.keyboard.press('Escape');
    await holdUp(desk.page, []);
  });

  test('a photo is read as well, chosen, pasted or dropped; a text is refused in words', async () => {
    const { pupil } = cases.ready[9]!;
    const picture = await sheets.badge(pupil.class!, pupil.badge);
    const pick = desk.page.locator('input[type=file]');
    await pick.setInputFiles({ name: 'badge.png', mimeType: 'image/png', buffer: picture });
    await desk.says('Présentez l’étiquette de l’ordinateur');
    await desk.page.getByRole('img', { name: 'Photo déposée' }).waitFor();
    await desk.page.getByRole('button', { name: 'Revenir à la caméra' }).click();
    await desk.page.keyboard.press('Escape');
    await pick.setInputFiles({ name: 'badge.png', mimeType: 'image/png', buffer: Buffer.from('pas une image') });
    await desk.says('Image illisible');
    await desk.page.keyboard.press('Escape');
    await desk.page.evaluate((encoded) => {
      const files = new DataTransfer();
      const bytes = Uint8Array.from(atob(encoded), (char) => char.charCodeAt(0));
      files.items.add(new File([bytes], 'badge.png', { type: 'image/png' }));
      window.dispatchEvent(new ClipboardEvent('paste', { clipboardData: files }));
    }, picture.toString('base64'));
    await desk.says('Présentez l’étiquette de l’ordinateur');
    // Dropped anywhere on the page, it never takes the place of the page.
    await desk.page.keyboard.press('Escape');
    await desk.says('Présentez le badge');
    await desk.page.evaluate((encoded) => {
      const dataTransfer = new DataTransfer();
      const bytes = Uint8Array.from(atob(encoded), (char) => char.charCodeAt(0));
      dataTransfer.items.add(new File([bytes], 'badge.png', { type: 'image/png' }));
      document.querySelector('footer, main')!.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    }, picture.toString('base64'));
    await desk.says('Présentez l’étiquette de l’ordinateur');
  });
});

describe('when there is no camera the page says why and goes on without', () => {
  const { pupil, laptop } = cases.ready[10]!;

  /** The rest works all the same. */
  async function goesOn(desk: Desk): Promise<void> {
    await desk.page.getByText('Sans caméra, tout reste possible').waitFor();
    await desk.scans(pupil.badge);
    await desk.says('Présentez l’étiquette de l’ordinateur');
    await desk.scans(laptop.label);
    await desk.says('Présentez la charte signée');
    await desk.close();
  }

  test('none is plugged in', async () => {
    const desk = await Desk.open('Sans caméra');
    await desk.page.getByRole('heading', { name: 'Aucune caméra' }).waitFor();
    await goesOn(desk);
  });

  test('it was refused', async () => {
    const desk = await Desk.open('Refusée', { flags: ['--use-fake-device-for-media-stream', '--deny-permission-prompts'] });
    await desk.page.getByRole('heading', { name: 'Caméra refusée' }).waitFor();
    await goesOn(desk);
  });

  test('the page is not in a secure context', async () => {
    const plain = inject('address').replace('127.0.0.1', 'remise.test');
    const desk = await Desk.open('Sans https', { address: plain, flags: ['--host-resolver-rules=MAP remise.test 127.0.0.1'] });
    await desk.page.getByRole('heading', { name: 'Caméra impossible sur cette adresse' }).waitFor();
    await goesOn(desk);
  });
});
