import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { Desk } from './desk';

const cases = inject('cases');
// Pupils whose charters no other file shows.
const [first, second] = [cases.without_badge[1]!, cases.without_badge[2]!];
let desk: Desk;

beforeAll(async () => {
  desk = await Desk.open('Chartes', { role: 'referent' });
});
afterAll(() => desk.close());

async function chased(name: string): Promise<boolean> {
  const { page } = desk;
  await page.getByRole('button', { name: 'À réclamer' }).click();
  await page.getByRole('table').waitFor();
  return (await page.getByRole('rowheader', { name }).count()) === 1;
}

test('a pile is taken in by scanner: each copy counts once', async () => {
  const { page } = desk;
  await page.keyboard.press('F7');
  await desk.says('Présentez une charte signée');
  const [school, family] = first.charter;
  await desk.scans(family!);
  await desk.says('Un exemplaire reçu');
  expect(await desk.outcome()).toContain(first.name);
  await desk.scans(family!);
  await page.locator('section[aria-live].already').waitFor();
  await desk.scans(school!);
  await desk.says('Charte complète');
  await page.getByRole('listitem').filter({ hasText: first.name }).nth(1).waitFor();
  await desk.scans('INCONNU4711');
  await page.locator('section[aria-live].unknown').waitFor();
  await desk.scans(cases.charter_on_file[11]!.pupil.badge);
  await desk.says('Ce n’est pas une charte');
});

test('a copy taken in by mistake is taken back, and another in its place completes the charter', async () => {
  const { page } = desk;
  await desk.scans(second.charter[0]!);
  await desk.says('Un exemplaire reçu');
  await page.keyboard.press('Control+z');
  const dialog = page.getByRole('dialog', { name: 'Annuler cet exemplaire' });
  await dialog.getByRole('button', { name: 'Non signée' }).click();
  await dialog.getByRole('button', { name: 'Annuler l’exemplaire' }).click();
  await desk.says('Exemplaire annulé');
  await dialog.waitFor({ state: 'hidden' });
  expect(await chased(second.name)).toBe(true);
  expect(await chased(first.name)).toBe(false);
});

test('guardians are added by hand, stand in the list, and may be named as signatory', async () => {
  const { page } = desk;
  await page.getByRole('button', { name: `Ouvrir ${second.name}` }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Ajouter un responsable' }).click();
  await dialog.getByLabel('Nom', { exact: true }).fill('Kerguelen');
  await dialog.getByLabel('Prénom').fill('Awa');
  await dialog.getByLabel('Téléphone').fill('06 00 00 00 01');
  await dialog.getByRole('button', { name: 'Enregistrer' }).click();
  await dialog.getByText('Awa Kerguelen').waitFor();
  await dialog.getByRole('button', { name: 'Fermer' }).click();
  await page.getByRole('link', { name: '06 00 00 00 01' }).waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Télécharger en CSV' }).click()]);
  expect(readFileSync(await download.path(), 'utf8')).toContain(`${second.name};0 sur 2;;;;Awa KERGUELEN;`);
  await page.getByRole('button', { name: 'Prise en compte' }).click();
  await page.getByText('exemplaires en tout').waitFor();
  await desk.scans(second.charter[0]!);
  await desk.says('Un exemplaire reçu');
  await page.getByLabel('Signataire').selectOption('Awa KERGUELEN');
  await desk.scans(second.charter[1]!);
  await desk.says('Charte complète');
  await page.getByText('Signataire : Awa KERGUELEN').waitFor();
});

test('a withdrawn charter is chased again', async () => {
  const { page } = desk;
  expect(await chased(first.name)).toBe(false);
  await page.getByRole('combobox', { name: 'Chercher' }).fill(first.name);
  await page.getByRole('option', { name: first.name }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Retirer la charte…' }).click();
  await dialog.getByRole('button', { name: 'Signée par un tiers' }).click();
  await dialog.getByRole('button', { name: 'Retirer la charte', exact: true }).click();
  await dialog.getByText('0 exemplaire sur 2').waitFor();
  await dialog.getByRole('button', { name: 'Fermer' }).click();
  await page.getByRole('rowheader', { name: first.name }).waitFor();
});

test('a new version is published as text without being made the campaign’s', async () => {
  const { page } = desk;
  await page.getByRole('button', { name: 'Versions' }).click();
  await page.getByRole('button', { name: 'Nouvelle version' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Version', { exact: true }).fill('2026-essai');
  await dialog.getByLabel(/^Texte/).fill('Je prends soin de l’ordinateur.');
  await dialog.getByLabel(/Faire signer/).uncheck();
  await dialog.getByRole('button', { name: 'Publier' }).click();
  const row = page.getByRole('row').filter({ hasText: '2026-essai' });
  await row.waitFor();
  expect(await row.innerText()).not.toContain('à signer cette campagne');
  await row.getByRole('button', { name: /^Lire/ }).click();
  await page.getByRole('dialog').getByText('Je prends soin de l’ordinateur.').waitFor();
});
