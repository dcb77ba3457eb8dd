import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { laptop } from './acts';
import { Sheets, canvasCamera, holdUp } from './camera';
import { Desk } from './desk';

const cases = inject('cases');
let desk: Desk;

const COLUMNS = 'N° commande;N° BL;Date livraison prévue;UAI;Référence produit (P/N);Désignation;N° de série (S/N);Adresse MAC Wi-Fi;Lot';
const SERIALS = ['5CD699RC11', '5CD699RC12', '5CD699RC13', '5CD699RC14'];

/** A delivery of its own, newer than all others. */
async function deliver(): Promise<void> {
  const line = (serial: string, place: number) =>
    `CDE-2026-78;BL2026-78;26/11/2026;0579999J;9ZZ98EA#ABF;HP ProBook x360 11 G7 EE;${serial};02:57:99:78:00:0${place};2026-VAGUE2`;
  const { page } = desk;
  await desk.goes('Fichiers');
  await page.locator('input[type=file]').setInputFiles({
    name: 'BL2026-78.csv', mimeType: 'text/csv', buffer: Buffer.from([COLUMNS, ...SERIALS.map(line), ''].join('\r\n'), 'utf8'),
  });
  await page.getByRole('button', { name: 'Appliquer 4 changements' }).click();
  await page.getByText('Fichier appliqué').waitFor();
}

async function atReception(one: Desk): Promise<void> {
  await one.page.keyboard.press('F5');
  const list = one.page.getByRole('combobox', { name: 'Livraison' });
  await list.waitFor();
  await list.selectOption({ label: 'BL2026-78 du 26/11/2026' });
}

beforeAll(async () => {
  desk = await Desk.open('Réception', { role: 'referent' });
  await deliver();
  await atReception(desk);
  await desk.page.getByText('4 manquent').waitFor();
});
afterAll(() => desk.close());
beforeEach(() => desk.page.keyboard.press('Escape').then(() => desk.page.keyboard.press('Escape')));

test('boxes in any order at two stations, and both count the same', async () => {
  const other = await Desk.open('Réception 2');
  await atReception(other);
  await desk.scans(SERIALS[2]!);
  await desk.says('Reçu');
  await other.scans(SERIALS[0]!);
  await other.says('Reçu');
  for (const one of [desk, other]) {
    await one.page.getByText('2 scannés').waitFor();
    await one.page.getByText('2 manquent').waitFor();
  }
  await other.scans(SERIALS[2]!);
  await other.says('Déjà compté');
  expect((await laptop(desk, SERIALS[2]!)).state).toBe('in_stock');
  await other.close();
});

test('another note’s laptop and one on no note are told apart', async () => {
  await desk.scans('5CD699ZZ99');
  await desk.says('Pas sur le bon');
  await desk.page.getByText('1 hors bon').waitFor();
  await desk.scans(cases.reserve[6]!.label);
  await desk.says('Sur un autre bon');
  await desk.page.getByText('1 autre bon').waitFor();
});

test('one that arrived broken is noted by a key and a reason', async () => {
  await desk.scans(SERIALS[1]!);
  await desk.says('Reçu');
  await desk.page.keyboard.press('a');
  const dialog = desk.page.getByRole('dialog', { name: `${SERIALS[1]!} est abîmé` });
  await dialog.getByRole('button', { name: 'Écran cassé' }).click();
  await dialog.getByRole('button', { name: 'Noter abîmé' }).click();
  await desk.says('Reçu abîmé');
  await desk.page.getByText('1 abîmés').waitFor();
  expect((await laptop(desk, SERIALS[1]!)).state).toBe('awaiting_repair');
});

test('what is missing stays announced when the reception is declared over', async () => {
  const { page } = desk;
  await page.getByRole('group', { name: 'Manquants' }).getByText(SERIALS[3]!).waitFor();
  await page.getByRole('button', { name: 'Déclarer terminée…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Déclarer terminée' });
  await dialog.getByText('1 ordinateur manque').waitFor();
  await dialog.getByRole('button', { name: 'Déclarer terminée' }).click();
  await desk.says('Réception terminée');
  const csv = await page.request.get(inject('address') + (await page.getByRole('link', { name: 'Écarts (CSV)' }).getAttribute('href'))!);
  const text = await csv.text();
  for (const serial of [SERIALS[3]!, SERIALS[1]!, '5CD699ZZ99']) expect(text).toContain(serial);
  await page.getByRole('button', { name: 'Rouvrir' }).click();
  await desk.says('Réception rouverte');
});

test('a share goes into the reserve by one action, or laptop by laptop', async () => {
  const { page } = desk;
  await page.getByRole('button', { name: 'Mise en réserve' }).click();
  await desk.says('Choisissez la part ou scannez');
  await page.getByLabel('Part de la réserve').fill('38');
  await page.getByText('3,8 %').first().waitFor();
  await page.getByRole('button', { name: /^Mettre \d+ en réserve$/ }).click();
  await desk.says('Mise en réserve');
  await desk.takesBack('Erreur de saisie');
  await desk.says('Mise en réserve : annulé');
  await desk.scans(SERIALS[2]!);
  await desk.says('Mise en réserve');
  expect((await laptop(desk, SERIALS[2]!)).state).toBe('reserve');
  await desk.takesBack('Mauvais ordinateur');
  await page.getByRole('button', { name: 'Contrôle du bon' }).click();
});

test('held up before the camera, a box counts, and is taken back', async () => {
  const sheets = await Sheets.open();
  const seen = await Desk.open('Réception, caméra', { before: canvasCamera });
  await atReception(seen);
  await holdUp(seen.page, [await sheets.label(SERIALS[3]!)]);
  await seen.says('Reçu');
  await seen.page.getByText('0 manquent').waitFor();
  await holdUp(seen.page, []);
  await seen.takesBack('Mauvais ordinateur');
  await seen.page.getByText('1 manquent').waitFor();
  await sheets.close();
  await seen.close();
}, 120_000);
