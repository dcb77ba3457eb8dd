import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { laptop } from './acts';
import { Desk } from './desk';

const cases = inject('cases');
let desk: Desk;

beforeAll(async () => {
  desk = await Desk.open('SAV');
  await desk.goes('SAV');
  await desk.page.getByRole('button', { name: 'Retour de SAV' }).waitFor();
});
afterAll(() => desk.close());
beforeEach(() => desk.page.keyboard.press('Escape').then(() => desk.page.keyboard.press('Escape')));

test('a breakdown found on the shelf joins a batch, which leaves with its slip', async () => {
  const { page } = desk;
  const { label, serial } = cases.reserve[9]!;
  await page.getByRole('button', { name: 'Nouveau lot…' }).first().click();
  await page.getByLabel('Prestataire').fill('Econocom');
  await page.getByRole('button', { name: 'Ouvrir le lot' }).click();
  await desk.says(/^Lot \d+ ouvert$/);
  await desk.scans(label);
  const dialog = page.getByRole('dialog', { name: `${serial} est en panne ?` });
  await dialog.getByRole('button', { name: 'Clavier' }).click();
  await dialog.getByRole('button', { name: 'Noter la panne' }).click();
  await page.getByRole('group', { name: 'Lot' }).getByText(serial, { exact: true }).waitFor();
  // Taken out and scanned in again.
  await page.getByRole('button', { name: `Retirer : ${serial}` }).click();
  await desk.says('Retiré du lot');
  await desk.scans(label);
  await page.getByRole('group', { name: 'Lot' }).getByText(serial, { exact: true }).waitFor();
  expect(await page.getByRole('link', { name: 'Bordereau' }).getAttribute('href')).toMatch(/^\/print\/repair-batches\/[0-9a-f-]{36}$/);
  await page.getByRole('button', { name: 'Envoyer le lot…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Envoyer le lot' }).click();
  await desk.says('Envoi au SAV');
  expect((await laptop(desk, serial)).state).toBe('in_repair');
});

test('what comes back is repaired unless a key says otherwise, with its cost', async () => {
  const { label, serial } = cases.reserve[9]!;
  await desk.scans(label);
  await desk.says('Réparé : Entrée');
  await desk.page.getByLabel('Coût (€)').fill('cher');
  await desk.page.getByRole('button', { name: /^Valider/ }).click();
  await desk.says('Ce n’est pas un montant');
  await desk.page.getByLabel('Coût (€)').fill('89,90');
  await desk.page.getByLabel('Diagnostic').fill('Clavier remplacé');
  await desk.page.getByRole('button', { name: /^Valider/ }).click();
  await desk.says('Retour de SAV');
  expect(['reserve', 'repaired']).toContain((await laptop(desk, serial)).state);
});

test('a laptop in a pupil’s hands is sent to the right mode', async () => {
  await desk.scans(cases.equipped[5]!.laptop.label);
  await desk.says('Chez un élève');
});
