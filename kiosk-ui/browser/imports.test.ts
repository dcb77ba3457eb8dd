import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { Desk } from './desk';

const cases = inject('cases');
let desk: Desk;

beforeAll(async () => {
  desk = await Desk.open('Bureau', { role: 'referent' });
  await desk.goes('Fichiers');
});
afterAll(() => desk.close());

const COLUMNS = 'N° commande;N° BL;Date livraison prévue;UAI;Référence produit (P/N);Désignation;N° de série (S/N);Adresse MAC Wi-Fi;Lot';

/** A delivery note of two good laptops, one that a spreadsheet spoiled and one of another school. */
function note(): Buffer {
  const line = (uai: string, serial: string, mac: string) =>
    `CDE-2026-77;BL2026-77;25/11/2026;${uai};9ZZ98EA#ABF;HP ProBook x360 11 G7 EE;${serial};${mac};2026-VAGUE2`;
  return Buffer.from(
    [
      COLUMNS, line('0579999J', '5CD699BC11', '02:57:99:77:00:01'), line('0579999J', '5CD699BC12', '02:57:99:77:00:02'),
      line('0579999J', '5,02E+09', '02:57:99:77:00:03'), line('0570001A', '5CD699BC14', '02:57:99:77:00:04'), '',
    ].join('\r\n'),
    'utf8',
  );
}

async function give(name: string, mimeType: string, buffer: Buffer): Promise<void> {
  const another = desk.page.getByRole('button', { name: 'Autre fichier' });
  if (await another.count()) await another.click();
  await desk.page.locator('input[type=file]').setInputFiles({ name, mimeType, buffer });
}

test('a delivery note is shown first: what would be added, and each faulty row', async () => {
  const { page } = desk;
  await give('BL2026-77.csv', 'text/csv', note());
  await page.getByRole('button', { name: 'Enregistrer 2 changements' }).waitFor();
  const issues = page.getByRole('region', { name: /à revoir/ });
  await issues.getByRole('row').filter({ hasText: '5,02E+09' }).waitFor();
  await issues.getByRole('row').filter({ hasText: '0570001A' }).waitFor();
  await page.getByLabel('Filtrer').fill('0570001A');
  expect(await issues.getByRole('row').filter({ hasText: '5,02E+09' }).count()).toBe(0);
  // Nothing is there yet.
  const found = await page.request.post(`${inject('address')}/api/devices/search`, { data: { query: '5CD699BC1' } });
  expect(((await found.json()) as { total: number }).total).toBe(0);
});

test('after the word is given its laptops can be handed out, and the same file changes nothing', async () => {
  const { page } = desk;
  await page.getByRole('button', { name: 'Enregistrer 2 changements' }).click();
  await page.getByText('Fichier enregistré').waitFor();
  await give('BL2026-77.csv', 'text/csv', note());
  await page.getByText('Rien ne change').waitFor();
  await page.getByRole('button', { name: 'Abandonner' }).click();
  await page.getByText('Fichier abandonné').waitFor();
  await desk.goes('Remise');
  await desk.says('Présentez le badge');
  const { pupil } = cases.charter_on_file[10]!;
  await desk.scans(pupil.badge);
  await desk.says('Présentez l’étiquette de l’ordinateur');
  await desk.scans('5CD699BC12');
  await desk.says('Remis');
  await desk.goes('Fichiers');
});

test('a list of pupils shows who would come and who would go, and may be discarded', async () => {
  const { page } = desk;
  const list = `<?xml version="1.0" encoding="ISO-8859-15"?><BEE_ELEVES VERSION="3.0"><PARAMETRES><UAJ>0579999J</UAJ>
    <ANNEE_SCOLAIRE>2026</ANNEE_SCOLAIRE><DATE_EXPORT>24/11/2026</DATE_EXPORT><HORODATAGE>24/11/2026 07:42:10</HORODATAGE></PARAMETRES>
    <DONNEES><ELEVES><ELEVE ELEVE_ID="9990001"><NOM_DE_FAMILLE>GRÂCEVERTE</NOM_DE_FAMILLE><PRENOM>Zoé</PRENOM>
    <DATE_NAISS>02/05/2011</DATE_NAISS><CODE_STATUT>ST</CODE_STATUT><CODE_MEF>20010018110</CODE_MEF></ELEVE></ELEVES>
    <STRUCTURES><STRUCTURES_ELEVE ELEVE_ID="9990001"><STRUCTURE><CODE_STRUCTURE>2GT1</CODE_STRUCTURE><TYPE_STRUCTURE>D</TYPE_STRUCTURE>
    </STRUCTURE></STRUCTURES_ELEVE></STRUCTURES></DONNEES></BEE_ELEVES>`;
  await give('ElevesSansAdresses.xml', 'text/xml', Buffer.from(list, 'latin1'));
  await page.getByRole('row').filter({ hasText: 'Zoé GRÂCEVERTE' }).filter({ hasText: 'ajouté' }).waitFor();
  await page.getByRole('row').filter({ hasText: 'disparu du fichier' }).first().waitFor();
  await page.getByRole('button', { name: 'Abandonner' }).click();
  await page.getByText('Fichier abandonné').waitFor();
});

test('a file that is none of ours is refused in words', async () => {
  await give('vacances.txt', 'text/plain', Buffer.from('Bonjour, ceci n’est pas un fichier SIECLE.'));
  await desk.page.getByRole('alert').waitFor();
  await desk.page.reload();
  await desk.page.getByRole('region', { name: 'Derniers fichiers' }).getByText('BL2026-77.csv').first().waitFor();
});
