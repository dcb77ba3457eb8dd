import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { laptop } from './acts';
import { Sheets, canvasCamera, holdUp } from './camera';
import { Desk } from './desk';

const cases = inject('cases');
let desk: Desk;

beforeAll(async () => {
  desk = await Desk.open('Retour', { role: 'referent' });
  await desk.page.keyboard.press('F4');
  await desk.says('Présentez l’ordinateur rendu');
});
afterAll(() => desk.close());
beforeEach(() => desk.page.keyboard.press('Escape').then(() => desk.page.keyboard.press('Escape')));

test('a laptop and one key: it is back, with its receipt', async () => {
  const { pupil, laptop: own } = cases.equipped[9]!;
  await desk.scans(own.label);
  await desk.says('Tout est là et en bon état : Entrée');
  await desk.page.keyboard.press('Enter');
  await desk.says('Retour');
  expect(await desk.outcome()).toContain(pupil.name);
  await desk.page.locator('section[aria-live]').getByRole('button', { name: 'Reçu' }).waitFor();
  expect((await laptop(desk, own.serial)).state).toBe('in_stock');
  await desk.takesBack('Mauvais ordinateur');
  await desk.says('Retour : annulé');
});

test('what is damaged or missing is noted by keys, and goes to repair', async () => {
  const { pupil, laptop: own } = cases.equipped[10]!;
  await desk.scans(pupil.badge);
  await desk.says('Tout est là et en bon état : Entrée');
  await desk.page.keyboard.press('1');
  await desk.says('Entrée enregistre ce qui est noté');
  await desk.page.getByRole('button', { name: /Housse/ }).click();
  await desk.page.keyboard.press('Space');
  await desk.says('Retour');
  expect((await laptop(desk, own.serial)).state).toBe('awaiting_repair');
  await desk.takesBack('Mauvais élève');
});

test('a laptop that nobody holds has nothing to return', async () => {
  await desk.scans(cases.reserve[5]!.label);
  await desk.says('Rien à rendre');
});

test('a class in June: laptop after laptop without a key, and who is missing', async () => {
  const { page } = desk;
  const pairs = [cases.equipped[9]!, cases.equipped[10]!];
  await page.getByRole('button', { name: 'Une classe' }).click();
  await page.getByRole('combobox', { name: 'Classe' }).selectOption(pairs[0]!.pupil.class!);
  await desk.says('Scannez les ordinateurs de la classe');
  const missing = page.getByRole('region', { name: 'Manquent encore' });
  await missing.getByText(pairs[0]!.pupil.name).waitFor();
  for (const { pupil, laptop: own } of pairs) {
    await desk.scans(own.label);
    await missing.getByText(pupil.name).waitFor({ state: 'detached' });
  }
  await page.getByText('2 rendus').waitFor();
  await desk.takesBack('Erreur de saisie');
  await desk.takesBack('Erreur de saisie');
  await page.getByRole('button', { name: 'Un par un' }).click();
});

test('a transfer is asked for once more, and gives its certificates', async () => {
  const { page } = desk;
  const { pupil, laptop: own } = cases.equipped[9]!;
  await page.getByRole('button', { name: 'Cession' }).click();
  await desk.scans(pupil.badge);
  await page.getByRole('button', { name: 'Céder 1 ordinateur…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Céder 1 ordinateur' });
  await dialog.getByText(own.serial).waitFor();
  await dialog.getByRole('button', { name: 'Céder 1 ordinateur' }).click();
  await desk.says('Cession');
  await page.getByRole('link', { name: 'Certificats de cession' }).waitFor();
  await desk.takesBack('Mauvais élève');
  await desk.says('Cession : annulé');
  expect((await laptop(desk, own.serial)).state).toBe('lent');
  await page.getByRole('button', { name: 'Un par un' }).click();
});

test('held up before the camera, and confirmed by a key; an operator transfers nothing', async () => {
  const sheets = await Sheets.open();
  const seen = await Desk.open('Retour, caméra', { before: canvasCamera });
  await seen.page.keyboard.press('F4');
  await seen.says('Présentez l’ordinateur rendu');
  expect(await seen.page.getByRole('button', { name: 'Cession' }).count()).toBe(0);
  await holdUp(seen.page, [await sheets.label(cases.equipped[9]!.laptop.serial)]);
  await seen.says('Tout est là et en bon état : Entrée');
  await seen.page.keyboard.press('Enter');
  await seen.says('Retour');
  await holdUp(seen.page, []);
  await seen.takesBack('Mauvais ordinateur');
  await sheets.close();
  await seen.close();
}, 120_000);
