import { readFileSync } from 'node:fs';
import { expect, inject, test } from 'vitest';
import { Desk } from './desk';

const cases = inject('cases');

test('what is handed over stands in the register, on the page and in both files', async () => {
  const { pupil, laptop } = cases.charter_on_file[9]!;
  const desk = await Desk.open('Registre', { role: 'referent' });
  const { page } = desk;
  await desk.scans(pupil.badge);
  await desk.says('Présentez l’étiquette de l’ordinateur');
  await desk.scans(laptop.label);
  await desk.says('Remis');
  await desk.goes('Registre');
  await page.getByLabel('Classe').selectOption(pupil.class!);
  await page.getByRole('cell', { name: laptop.serial }).waitFor();
  const files: Record<string, Buffer> = {};
  for (const kind of ['CSV', 'XLSX']) {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: `Télécharger en ${kind}` }).click()]);
    expect(download.suggestedFilename()).toMatch(new RegExp(`\\.${kind.toLowerCase()}$`));
    files[kind] = readFileSync(await download.path());
  }
  const csv = files['CSV']!.toString('utf8');
  expect(csv.startsWith('\uFEFF')).toBe(true);
  expect(csv).toContain(laptop.serial);
  expect(files['XLSX']!.subarray(0, 2).toString()).toBe('PK');
  // Another class has nothing of it.
  await page.getByLabel('Classe').selectOption('1G1');
  await page.getByText('Aucune remise pour ces critères.').waitFor();
  await desk.close();
});

test('an export has its number, its control sheet and columns of the school’s own', async () => {
  const desk = await Desk.open('Envois', { role: 'referent', width: 1280, height: 1000 });
  const { page } = desk;
  await desk.goes('Registre');
  await page.getByRole('button', { name: 'Choisir les colonnes' }).click();
  const dialog = page.getByRole('dialog', { name: 'Colonnes du registre' });
  await dialog.getByLabel('Partir de').selectOption('Gesmat (à adapter)');
  await dialog.getByText('Le format de Gesmat n’est pas public').waitFor();
  // By keyboard: the serial number to the top, under another heading.
  await dialog.getByRole('button', { name: 'Monter N° de série' }).focus();
  for (let press = 0; press < 5; press++) await page.keyboard.press('Enter');
  await dialog.getByLabel('Titre de N° de série').fill('Machine');
  if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/colonnes.png` });
  await dialog.getByRole('button', { name: 'Enregistrer le modèle' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.getByLabel('Colonnes').selectOption('Gesmat');
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Registre complet' }).click()]);
  expect(file.suggestedFilename()).toMatch(/^registre-\w{8}-\d{3}-complet\.csv$/);
  expect(readFileSync(await file.path(), 'utf8').split('\r\n')[0]).toBe(
    '\uFEFFMachine;RNE;Nom;Prénom;Date de naissance;Classe;Référence constructeur;Modèle;Type de mise à disposition;Statut;Date de début;Date de fin prévue;Date de fin;Charte;Sinistre;Matériel remplacé',
  );
  const sheet = page.getByRole('link', { name: /Feuille de contrôle 1/ });
  await sheet.waitFor();
  const text = await (await page.request.get(new URL((await sheet.getAttribute('href'))!, page.url()).href)).text();
  expect(text).toContain('SHA-256');
  const [delta] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Exporter les changements' }).click()]);
  expect(delta.suggestedFilename()).toContain('-changements.csv');
  if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/registre.png` });
  await desk.close();
});

test('the Région reads registers and works at no desk', async () => {
  const desk = await Desk.blank();
  await desk.logIn('', 'region');
  await desk.page.getByRole('heading', { name: 'Registre des remises' }).waitFor();
  await desk.page.getByRole('cell', { name: cases.equipped[0]!.laptop.serial }).first().waitFor();
  expect(await desk.page.getByRole('navigation').getByRole('link').allInnerTexts()).toEqual(['Registre']);
  await desk.close();
});

test('an operator opens no register, file or print', async () => {
  const desk = await Desk.open('Accueil');
  await desk.page.getByRole('navigation').getByRole('link', { name: 'Remise' }).waitFor();
  const office = desk.page.getByRole('button', { name: 'Bureau', exact: true });
  if (await office.count()) await office.click();
  for (const name of ['Registre', 'Fichiers', 'Impressions']) expect(await desk.page.getByRole('link', { name }).count()).toBe(0);
  await desk.page.goto(`${inject('address')}/registre`);
  await desk.page.getByText('Présentez le badge').waitFor();
  await desk.page.getByRole('button', { name: 'Déconnexion' }).click();
  await desk.page.getByRole('heading', { name: 'Connexion' }).waitFor();
  await desk.close();
});
