import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { handOver } from './acts';
import { Desk } from './desk';
import { choose, deliveryNote, drag, folder, pupils, table } from './files-given';

const cases = inject('cases');
let desk: Desk;

beforeAll(async () => {
  desk = await Desk.open('Bureau', { role: 'referent' });
  await desk.goes('Fichiers');
});
afterAll(() => desk.close());

const ZOE = { id: '9990001', last: 'GRÂCEVERTE', first: 'Zoé', born: '02/05/2011' };
const lineOf = (name: string) => desk.page.getByRole('list', { name: 'Fichiers déposés' }).getByRole('listitem').filter({ hasText: name });

/** Takes the line of a file away, so that the next test finds its own. */
async function putAway(name: string): Promise<void> {
  await lineOf(name).getByRole('button', { name: `Retirer ${name}` }).click();
  await lineOf(name).waitFor({ state: 'detached' });
}

/** How many laptops the service finds by the start of a serial number. */
async function laptops(query: string): Promise<number> {
  const found = await desk.page.request.post(`${inject('address')}/api/devices/search`, { data: { query } });
  return ((await found.json()) as { total: number }).total;
}

async function undo(reason: string): Promise<void> {
  const dialog = desk.page.getByRole('dialog', { name: 'Annuler cet import' });
  await dialog.getByRole('button', { name: reason }).click();
  await dialog.getByRole('button', { name: 'Annuler cet import' }).click();
}

test('a delivery note is dragged onto the page and shown first: what would be added, and each faulty row', async () => {
  const { page } = desk;
  await drag(desk, deliveryNote('2026-77', ['5CD699BC11', '5CD699BC12', '5,02E+09'], ['0570001A']));
  await page.getByRole('button', { name: 'Appliquer 2 changements' }).waitFor();
  expect(await lineOf('BL2026-77.csv').innerText()).toContain('bon de livraison');
  const issues = page.getByRole('region', { name: /anomalie/ });
  await issues.getByRole('row').filter({ hasText: '5,02E+09' }).filter({ hasText: 'ligne refusée' }).waitFor();
  await issues.getByRole('row').filter({ hasText: '0570001A' }).waitFor();
  // By text, then by kind.
  await page.getByLabel('Filtrer').first().fill('0570001A');
  await issues.getByRole('row').filter({ hasText: '5,02E+09' }).waitFor({ state: 'detached' });
  await page.getByLabel('Filtrer').first().fill('');
  const kinds = page.getByRole('combobox', { name: 'Anomalie' });
  await kinds.selectOption((await kinds.locator('option', { hasText: 'UAI' }).getAttribute('value'))!);
  await issues.getByRole('row').filter({ hasText: '5,02E+09' }).waitFor({ state: 'detached' });
  await kinds.selectOption('');
  await page.getByRole('combobox', { name: 'Gravité' }).selectOption('warning');
  await issues.getByRole('row').filter({ hasText: '5,02E+09' }).waitFor({ state: 'detached' });
  await page.getByRole('combobox', { name: 'Gravité' }).selectOption('');
  expect(await laptops('5CD699BC1')).toBe(0);
});

test('its issues leave as a CSV', async () => {
  const { page } = desk;
  const coming = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Exporter les anomalies (CSV)' }).click();
  const saved = readFileSync(await (await coming).path(), 'utf8');
  expect(saved).toMatch(/^\uFEFFLigne;Colonne;Gravité;Lu;Attendu;Que faire\r\n/);
  expect(saved).toContain('5,02E+09');
  expect(saved).toContain('0570001A');
});

test('it is applied, the same file changes nothing, and it is taken back as a whole', async () => {
  const { page } = desk;
  await page.getByRole('button', { name: 'Appliquer 2 changements' }).click();
  await page.getByText('Fichier appliqué').waitFor();
  expect(await laptops('5CD699BC1')).toBe(2);
  await putAway('BL2026-77.csv');
  await choose(desk, deliveryNote('2026-77', ['5CD699BC11', '5CD699BC12']));
  await page.getByText('Rien ne change').waitFor();
  await page.getByRole('button', { name: 'Abandonner' }).click();
  await page.getByText('Fichier abandonné').waitFor();
  await putAway('BL2026-77.csv');
  const history = page.getByRole('region', { name: 'Derniers fichiers' });
  await history.getByRole('row').filter({ hasText: 'abandonné' }).filter({ hasText: 'BL2026-77.csv' }).waitFor();
  await history.getByRole('button', { name: 'Annuler BL2026-77.csv' }).click();
  await undo('Mauvais fichier');
  await page.getByText('Import annulé, tout est comme avant.').waitFor();
  await history.getByRole('row').filter({ hasText: 'annulé' }).filter({ hasText: 'BL2026-77.csv' }).waitFor();
  expect(await laptops('5CD699BC1')).toBe(0);
  await putAway('BL2026-77.csv');
});

test('a file whose laptop was handed out since is not taken back, and says why', async () => {
  const { page } = desk;
  await choose(desk, deliveryNote('2026-79', ['5CD699BD11']));
  await page.getByRole('button', { name: 'Appliquer 1 changement' }).click();
  await page.getByText('Fichier appliqué').waitFor();
  await handOver(desk, { pupil: cases.charter_on_file[10]!.pupil, laptop: { ...cases.ready[0]!.laptop, serial: '5CD699BD11' } });
  await page.getByRole('button', { name: 'Annuler cet import' }).click();
  await undo('Mauvais fichier');
  const dialog = page.getByRole('dialog', { name: 'Annuler cet import' });
  await dialog.getByRole('alert').filter({ hasText: 'Annulation impossible' }).waitFor();
  await dialog.getByRole('button', { name: 'Fermer' }).click();
  expect(await laptops('5CD699BD11')).toBe(1);
  await lineOf('BL2026-79.csv').getByText('appliqué').waitFor();
  await putAway('BL2026-79.csv');
});

test('several files at once: each says what it is, and one that is none of ours what to do', async () => {
  const { page } = desk;
  const stranger = { name: 'vacances.xml', mimeType: 'text/xml', buffer: Buffer.from('<vacances><jour>lundi</jour></vacances>') };
  await drag(desk, pupils('27/11/2026', [ZOE]), stranger, deliveryNote('2026-80', ['5CD699BG11']));
  await lineOf('ElevesSansAdresses.xml').getByText('à décider').waitFor();
  const about = await lineOf('ElevesSansAdresses.xml').innerText();
  expect(about).toContain('année 2026-2027');
  expect(about).toContain('exporté le 27/11/2026 à 07:42');
  await lineOf('vacances.xml').getByRole('alert').filter({ hasText: 'Fichier refusé' }).waitFor();
  await lineOf('BL2026-80.csv').getByText('à décider').waitFor();
  // Figures and changes of the first; who leaves with a laptop stands out.
  await page.getByRole('table', { name: 'En chiffres' }).getByRole('row').filter({ hasText: 'Élèves' }).waitFor();
  await page.getByText('ne sont plus dans ce fichier').waitFor();
  await page.getByRole('status').filter({ hasText: 'encore un ordinateur' }).waitFor();
  const changes = page.getByRole('region', { name: /^Ce qui changerait \(/ });
  await changes.getByRole('row').filter({ hasText: 'détient encore' }).first().waitFor();
  await page.getByRole('combobox', { name: 'Action' }).selectOption('added');
  await changes.getByRole('row').filter({ hasText: 'Zoé GRÂCEVERTE' }).filter({ hasText: 'ajouté' }).waitFor();
  await changes.getByRole('row').filter({ hasText: 'disparu du fichier' }).first().waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Abandonner' }).click();
  await page.getByText('Fichier abandonné').waitFor();
  await page.getByRole('button', { name: 'Fichier suivant : BL2026-80.csv' }).click();
  await page.getByRole('button', { name: 'Appliquer 1 changement' }).waitFor();
  await page.getByRole('button', { name: 'Abandonner' }).click();
  await page.getByText('Fichier abandonné').waitFor();
  for (const name of ['ElevesSansAdresses.xml', 'vacances.xml', 'BL2026-80.csv']) await putAway(name);
});

test('a folder in a zip shows each of its files', async () => {
  await choose(desk, folder('exports.zip', [pupils('27/11/2026', [ZOE]), deliveryNote('2026-81', ['5CD699BH11'])]));
  for (const name of ['ElevesSansAdresses.xml', 'BL2026-81.csv']) {
    await lineOf(name).getByText('à décider').waitFor();
    expect(await lineOf(name).innerText()).toContain('dans exports.zip');
    await lineOf(name).getByRole('button', { name: `Voir ${name}` }).click();
    await desk.page.getByRole('button', { name: 'Abandonner' }).click();
    await desk.page.getByText('Fichier abandonné').waitFor();
    await putAway(name);
  }
});

test('progress is seen on a list of 200,000 pupils, which is stopped and leaves nothing', async () => {
  const { page } = desk;
  const place = mkdtempSync(join(tmpdir(), 'remise-liste-'));
  const path = join(place, 'Region.xml');
  const letters = (at: number) => [26 ** 3, 26 ** 2, 26, 1].map((of) => String.fromCharCode(65 + (Math.floor(at / of) % 26))).join('');
  const everybody = Array.from({ length: 200_000 }, (_, at) => ({ ...ZOE, id: String(7_000_000 + at), last: `RÉGION${letters(at)}` }));
  writeFileSync(path, pupils('27/11/2026', everybody).buffer);
  try {
    await page.locator('input[type=file]').setInputFiles(path);
    const line = lineOf('Region.xml');
    await line.getByText(/lignes par seconde/).waitFor();
    const share = async () => Number(await line.getByRole('progressbar').getAttribute('value'));
    const first = await share();
    await expect.poll(share, { timeout: 30_000 }).toBeGreaterThan(first);
    expect(await line.innerText()).toMatch(/\d %.*ligne.*lignes par seconde/);
    await line.getByRole('button', { name: 'Arrêter Region.xml' }).click();
    await line.getByText('abandonné').waitFor();
  } finally {
    rmSync(place, { recursive: true });
  }
  const found = await page.request.post(`${inject('address')}/api/students/search`, { data: { query: 'RÉGION' } });
  expect(((await found.json()) as { total: number }).total).toBe(0);
  await putAway('Region.xml');
});

const STRANGE = [
  ['Liste de la vie scolaire', '', '', ''],
  ['Individu', 'Appelé', 'Venu au monde', 'Salle de cours'],
  ['GRÂCEVERTE', 'Zoé', '02/05/2011', '2GT1'],
  ['MARNEVAL', 'Lou', '14/03/2011', '2GT2'],
] as const;

test('an unknown table is described by its columns, then applied', async () => {
  const { page } = desk;
  await choose(desk, table('vie scolaire.csv', STRANGE));
  await page.getByRole('heading', { name: 'Décrire les colonnes de vie scolaire.csv' }).waitFor();
  const read = page.getByRole('button', { name: 'Lire ce tableau' });
  expect(await read.isDisabled()).toBe(true);
  await page.getByLabel('C’est une liste de').selectOption('mapped_students');
  const column = (field: string) => page.getByRole('combobox', { name: `Leur colonne : ${field}`, exact: true });
  for (const [field, title] of [['Nom', 'Individu'], ['Prénom', 'Appelé'], ['Date de naissance', 'Venu au monde'], ['Classe', 'Salle de cours']] as const) {
    const option = column(field).locator('option', { hasText: title });
    await column(field).selectOption((await option.getAttribute('value'))!);
  }
  const preview = page.getByRole('region', { name: 'Ce que nous lirions' });
  expect(await preview.getByRole('row').nth(1).innerText()).toMatch(/GRÂCEVERTE\s+Zoé/);
  await page.getByText('Tous les champs obligatoires ont leur colonne.').waitFor();
  await read.click();
  await page.getByRole('button', { name: 'Appliquer 2 changements' }).click();
  await page.getByText('Fichier appliqué').waitFor();
  await putAway('vie scolaire.csv');
});

test('the next table of that layout needs no description; its pupils are known by name, and somebody says that they are the same', async () => {
  const { page } = desk;
  await choose(desk, table('vie scolaire bis.csv', STRANGE));
  // What was said before is offered, where the service does not already go by it.
  const read = page.getByRole('button', { name: 'Lire ce tableau' });
  await read.or(page.getByRole('heading', { name: '2 élèves à confirmer' })).waitFor();
  if (await read.isVisible()) {
    await page.getByText('Présentation déjà décrite').waitFor();
    await read.click();
  }
  await page.getByRole('heading', { name: '2 élèves à confirmer' }).waitFor();
  const row = page.getByRole('row').filter({ hasText: 'GRÂCEVERTE' });
  await row.getByRole('button', { name: 'C’est un autre' }).click();
  await page.getByRole('heading', { name: 'Un élève à confirmer' }).waitFor();
  await page.getByRole('button', { name: 'Appliquer 1 changement' }).waitFor();
  // Second thoughts.
  await row.getByRole('button', { name: 'C’est le même élève' }).click();
  await page.getByText('Rien ne change').waitFor();
  expect(await row.getByRole('button', { name: 'C’est le même élève' }).getAttribute('aria-pressed')).toBe('true');
  await page.getByRole('row').filter({ hasText: 'MARNEVAL' }).getByRole('button', { name: 'C’est le même élève' }).click();
  await page.getByRole('heading', { name: 'Élèves confirmés' }).waitFor();
  await page.getByRole('button', { name: 'Abandonner' }).click();
  await page.getByText('Fichier abandonné').waitFor();
  await putAway('vie scolaire bis.csv');
  await page.getByRole('button', { name: 'Annuler vie scolaire.csv' }).click();
  await undo('Mauvais fichier');
  await page.getByText('Import annulé').waitFor();
  await putAway('vie scolaire.csv');
});

test('accounts of the ENT are printed in a window of their own, and nothing is kept', async () => {
  const { page } = desk;
  const accounts = table('ENT-Identifiants-0579999J.csv', [
    'rne;uid;classe;profil;prenom;nom;login;mot de passe;cle de jointure;uid pere;uid mere;uid tuteur1;uid tuteur2;prenom enfant;nom enfant;adresse;code postal;ville;pays'.split(';'),
    '0579999J;MBN70000;2GT1;Elève;Zoé;GRÂCEVERTE;zoe.graceverte;Provisoire-77;9990001;;;;;;;;;;'.split(';'),
  ]);
  await choose(desk, accounts);
  await page.getByText('Ce fichier contient des mots de passe.').waitFor();
  const opening = desk.context.waitForEvent('page');
  await page.getByRole('button', { name: 'Imprimer les fiches' }).click();
  const slips = await opening;
  await slips.getByText('Provisoire-77').waitFor();
  expect(await slips.locator('body').innerText()).toContain('zoe.graceverte');
  await slips.close();
  await page.getByText('Les fiches sont ouvertes').waitFor();
  expect(await page.locator('body').innerText()).not.toContain('Provisoire-77');
  await putAway(accounts.name);
  await page.reload();
  await page.getByRole('region', { name: 'Derniers fichiers' }).waitFor();
  expect(await page.getByText(accounts.name).count()).toBe(0);
});

test('the school says how long files wait', async () => {
  const { page } = desk;
  const days = page.getByLabel('Jours de garde');
  await expect.poll(() => days.inputValue()).toBe('7');
  await days.fill('10');
  await days.press('Enter');
  await page.getByText('Délai enregistré : 10 jours.').waitFor();
  await desk.goes('Registre');
  await desk.goes('Fichiers');
  await expect.poll(() => days.inputValue()).toBe('10');
});

test('by keyboard alone: choose, look, apply, take back', async () => {
  const { page } = desk;
  const reach = async (name: string | RegExp) => {
    for (let tab = 0; tab < 80; tab++) {
      await page.keyboard.press('Tab');
      const told = await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent?.trim() ?? '');
      if (typeof name === 'string' ? told === name : name.test(told)) return;
    }
    throw new Error(`Tab never reached ${name}`);
  };
  await page.getByRole('heading', { level: 1 }).waitFor();
  // Asked for early: the browser takes a moment to hand over the choice of files.
  const choosing = page.waitForEvent('filechooser');
  await reach('Choisir des fichiers…');
  await page.keyboard.press('Enter');
  await (await choosing).setFiles(deliveryNote('2026-82', ['5CD699BK11']));
  await page.getByRole('button', { name: 'Appliquer 1 changement' }).waitFor();
  await reach('Appliquer 1 changement');
  await page.keyboard.press('Enter');
  await page.getByText('Fichier appliqué').waitFor();
  await reach(/^Annuler BL2026-82/);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await reach('Mauvais fichier');
  await page.keyboard.press('Space');
  await reach('Annuler cet import');
  await page.keyboard.press('Enter');
  await page.getByText('Import annulé').waitFor();
  expect(await laptops('5CD699BK11')).toBe(0);
});
