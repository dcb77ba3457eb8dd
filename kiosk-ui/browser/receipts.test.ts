// The receipt on the desk's screen: what a telephone sees of it, our own reader reads.
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { Desk } from './desk';
import { readByPage } from './own-reader';

const cases = inject('cases');
let desk: Desk;

beforeAll(async () => {
  desk = await Desk.open('Reçus');
});
afterAll(() => desk.close());

/** The codes in a picture of the whole screen. */
async function readFromScreen(one: Desk): Promise<string[]> {
  const jpeg = (await one.page.screenshot({ type: 'jpeg', quality: 90 })).toString('base64');
  const [reading] = await one.page.evaluate(readByPage, { jpegs: [jpeg], simd: true, effort: 1, times: 1, service: false });
  return reading!.own.map((code) => `${code.symbology} ${code.text}`);
}

/** Looks at the open receipt: its QR code, its words, its paper; then Échap closes it. */
async function looksAtReceipt(one: Desk, title: string, says: string[]): Promise<void> {
  const dialog = one.page.getByRole('dialog', { name: title });
  await dialog.getByRole('img', { name: /^Code QR du reçu RM/ }).waitFor();
  const told = await dialog.innerText();
  for (const part of says) expect(told).toContain(part);
  const code = /RM [0-9A-Z]{5} [0-9A-Z]{5}/.exec(told)![0].replaceAll(' ', '');
  expect(await readFromScreen(one)).toContain(`QR_CODE ${code}`);
  const [paper] = await Promise.all([one.context.waitForEvent('page'), dialog.getByRole('link', { name: 'Imprimer' }).click()]);
  await paper.locator(`g[data-code="${code}"]`).first().waitFor();
  await paper.close();
  await one.page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
}

test('after a hand-over by a key, and later from the list; the next badge does not wait for it', async () => {
  const { pupil, laptop } = cases.charter_on_file[12]!;
  await desk.scans(pupil.badge);
  await desk.says('Présentez l’étiquette de l’ordinateur');
  await desk.scans(laptop.label);
  await desk.says('Remis');
  await desk.page.keyboard.press('r');
  await looksAtReceipt(desk, 'Reçu', [pupil.name, laptop.serial]);
  // Échap closed the receipt and nothing else.
  await desk.says('Remis');
  await desk.page.getByRole('button', { name: `Reçu pour ${laptop.serial}, ${pupil.name}` }).click();
  await desk.page.getByRole('dialog').getByRole('img').waitFor();
  await desk.scans(cases.equipped[0]!.pupil.badge);
  await desk.says('Présentez l’étiquette de l’ordinateur');
  expect(await desk.page.getByRole('dialog').count()).toBe(0);
  await desk.page.keyboard.press('Escape');
});

test('after a return and after a swap, in the dark and on a tablet', async () => {
  const tablet = await Desk.open('Reçus, tablette', { dark: true, width: 800, height: 1280 });
  await tablet.page.keyboard.press('F4');
  await tablet.says('Présentez l’ordinateur rendu');
  const back = cases.equipped[9]!;
  await tablet.scans(back.laptop.label);
  await tablet.says('Tout est là et en bon état : Entrée');
  await tablet.page.keyboard.press('Enter');
  await tablet.says('Retour');
  await tablet.page.locator('section[aria-live]').getByRole('button', { name: 'Reçu' }).click();
  await looksAtReceipt(tablet, 'Reçu : Retour', [back.pupil.name, back.laptop.serial]);
  await tablet.takesBack('Mauvais ordinateur');
  await tablet.says('Retour : annulé');
  // What was taken back has no receipt to give; the one in the list says that it is void.
  expect(await tablet.page.locator('section[aria-live]').getByRole('button', { name: 'Reçu' }).count()).toBe(0);
  await tablet.page.getByRole('button', { name: `Reçu pour ${back.laptop.serial}` }).click();
  await tablet.page.getByText('Annulé : ce reçu ne vaut rien.').waitFor();
  await tablet.page.keyboard.press('Escape');

  await tablet.page.keyboard.press('F3');
  await tablet.says('Présentez l’ordinateur ou le badge');
  const broken = cases.equipped[5]!;
  await tablet.scans(broken.laptop.label);
  await tablet.says('Que s’est-il passé');
  await tablet.page.keyboard.press('1');
  await tablet.says('Présentez l’ordinateur de réserve');
  await tablet.scans(cases.reserve[0]!.label);
  await tablet.says('Échange');
  await tablet.page.keyboard.press('r');
  await looksAtReceipt(tablet, 'Reçu : Échange', [broken.pupil.name, broken.laptop.serial, cases.reserve[0]!.serial]);
  await tablet.takesBack('Mauvais ordinateur');
  await tablet.close();
});
