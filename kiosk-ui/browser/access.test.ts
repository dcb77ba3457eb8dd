import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { laptop as find, post } from './acts';
import { violations } from './axe';
import { Sheets } from './camera';
import { Desk } from './desk';
import { choose, deliveryNote, table } from './files-given';

const cases = inject('cases');
let twoBadges: Buffer;

/** Two badges in one picture: a question. */
beforeAll(async () => {
  const sheets = await Sheets.open();
  const pictures: string[] = [];
  for (const { pupil } of [cases.ready[7]!, cases.ready[8]!]) {
    const badge = await sheets.badge(pupil.class!, pupil.badge);
    pictures.push(`<img src="data:image/png;base64,${badge.toString('base64')}" alt="">`);
  }
  twoBadges = await sheets.framed(pictures.join('<br><br>'));
  await sheets.close();
});

describe.each([['light', false], ['dark', true]] as const)('%s', (_, dark) => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await Desk.blank({ dark });
  });
  afterAll(() => desk.close());

  test('log-in', async () => {
    await desk.page.getByRole('heading', { name: 'Connexion' }).waitFor();
    expect(await violations(desk)).toEqual([]);
    await desk.page.getByLabel('Nom d’utilisateur').fill('referent');
    await desk.page.getByLabel('Mot de passe ou code').fill('faux');
    await desk.page.getByRole('button', { name: 'Se connecter' }).click();
    await desk.page.getByRole('alert').waitFor();
    expect(await violations(desk)).toEqual([]);
  });

  test('the desk: waiting, filling, refused, done, asking', async () => {
    await desk.logIn(`Accès ${dark}`, 'referent');
    await desk.page.getByText('Aucune caméra').waitFor();
    expect(await violations(desk)).toEqual([]);
    await desk.scans(cases.ready[6]!.pupil.badge);
    await desk.says('Présentez l’étiquette de l’ordinateur');
    expect(await violations(desk)).toEqual([]);
    await desk.scans(cases.equipped[4]!.laptop.label);
    await desk.says('Remis à quelqu\'un d\'autre');
    expect(await violations(desk)).toEqual([]);
    await desk.scans('INCONNU4713');
    await desk.says('Code inconnu');
    expect(await violations(desk)).toEqual([]);
    const { pupil, laptop } = cases.charter_on_file[dark ? 6 : 7]!;
    await desk.scans(pupil.badge);
    await desk.says('Présentez l’étiquette de l’ordinateur');
    await desk.scans(laptop.label);
    await desk.says('Remis');
    expect(await violations(desk)).toEqual([]);
    await desk.scans(laptop.label);
    await desk.says('Déjà fait');
    expect(await violations(desk)).toEqual([]);
    await desk.page.keyboard.press('Control+z');
    await desk.page.getByRole('dialog').waitFor();
    expect(await violations(desk)).toEqual([]);
    await desk.page.keyboard.press('Escape');
    await desk.page.getByRole('button', { name: `Reçu pour ${laptop.serial}` }).click();
    await desk.page.getByRole('dialog').getByRole('img', { name: /^Code QR du reçu RM/ }).waitFor();
    expect(await violations(desk)).toEqual([]);
    await desk.page.keyboard.press('Escape');
    await desk.page.getByRole('button', { name: /Total|sur/ }).first().click();
    await desk.page.getByRole('dialog', { name: 'Avancement par classe' }).waitFor();
    expect(await violations(desk)).toEqual([]);
    await desk.page.keyboard.press('Escape');
  });

  test('the desk’s dialogs: which of two, without a charter, another name', async () => {
    const { page } = desk;
    await page.keyboard.press('Escape');
    await page.locator('input[type=file]').setInputFiles({ name: 'deux.png', mimeType: 'image/png', buffer: twoBadges });
    await page.getByRole('dialog', { name: 'Deux badges sont visibles' }).waitFor();
    expect(await violations(desk)).toEqual([]);
    await page.getByRole('dialog').getByRole('button', { name: 'Annuler' }).click();
    await page.getByRole('button', { name: 'Revenir à la caméra' }).click();
    const { pupil, laptop } = cases.ready[6]!;
    await desk.scans(pupil.badge);
    await desk.says('Présentez l’étiquette de l’ordinateur');
    await desk.scans(laptop.label);
    await page.getByRole('button', { name: 'Passer outre' }).click();
    await page.getByRole('dialog', { name: 'Remettre sans charte complète' }).waitFor();
    expect(await violations(desk)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Changer le nom du poste' }).click();
    await page.getByRole('heading', { name: 'Nom de ce poste' }).waitFor();
    expect(await violations(desk)).toEqual([]);
    await page.getByRole('button', { name: 'Annuler' }).click();
    await desk.says('Présentez le badge');
  });

  test('Échange: waiting, asking, forbidden', async () => {
    await desk.page.keyboard.press('F3');
    await desk.says('Présentez l’ordinateur ou le badge');
    expect(await violations(desk)).toEqual([]);
    await desk.scans(cases.equipped[5]!.pupil.badge);
    await desk.says('Que s’est-il passé');
    await desk.page.keyboard.press('1');
    await desk.says('Présentez l’ordinateur de réserve');
    expect(await violations(desk)).toEqual([]);
    await desk.page.keyboard.press('2');
    await desk.says('Pas de remplacement sans accord du chef d’établissement');
    expect(await violations(desk)).toEqual([]);
    await desk.page.getByRole('button', { name: 'Bureau', exact: true }).click();
    expect(await violations(desk)).toEqual([]);
  });

  test('Retour: one, a class, transfers, leavers', async () => {
    await desk.page.keyboard.press('F4');
    await desk.says('Présentez l’ordinateur rendu');
    await desk.scans(cases.equipped[5]!.laptop.label);
    await desk.says('Tout est là et en bon état : Entrée');
    await desk.page.keyboard.press('1');
    await desk.says('Entrée enregistre ce qui est noté');
    expect(await violations(desk)).toEqual([]);
    for (const view of ['Une classe', 'Cession']) {
      await desk.page.getByRole('button', { name: view }).click();
      await desk.page.getByRole('combobox', { name: 'Classe' }).selectOption(cases.equipped[5]!.pupil.class!);
      await desk.page.getByText(cases.equipped[5]!.pupil.name).first().waitFor();
      expect(await violations(desk)).toEqual([]);
    }
    await desk.page.getByRole('button', { name: 'Partis' }).click();
    await desk.says('Élèves partis qui ont encore un ordinateur');
    expect(await violations(desk)).toEqual([]);
  });

  test('Réception and Inventaire', async () => {
    await desk.page.keyboard.press('F5');
    await desk.page.getByRole('combobox', { name: 'Livraison' }).waitFor();
    expect(await violations(desk)).toEqual([]);
    await desk.page.getByRole('button', { name: 'Mise en réserve' }).click();
    await desk.page.getByLabel('Part de la réserve').waitFor();
    expect(await violations(desk)).toEqual([]);
    await desk.page.keyboard.press('F6');
    await desk.says('Ouvrez un inventaire');
    expect(await violations(desk)).toEqual([]);
  });

  test('SAV, both ways', async () => {
    await desk.goes('SAV');
    await desk.page.getByRole('group', { name: 'En attente' }).waitFor();
    expect(await violations(desk)).toEqual([]);
    await desk.scans(cases.in_repair[0]!.label);
    await desk.says('Réparé : Entrée');
    expect(await violations(desk)).toEqual([]);
    await desk.page.keyboard.press('Escape');
  });

  test('Chartes: taking in, to chase, a pupil, versions', async () => {
    const { page } = desk;
    await page.keyboard.press('F7');
    await desk.says('Présentez une charte signée');
    expect(await violations(desk)).toEqual([]);
    await page.getByRole('button', { name: 'À réclamer' }).click();
    await page.getByRole('table').waitFor();
    expect(await violations(desk)).toEqual([]);
    await page.getByRole('button', { name: /^Ouvrir / }).first().click();
    await page.getByRole('dialog').getByRole('heading', { name: 'Responsables légaux' }).waitFor();
    expect(await violations(desk)).toEqual([]);
    await page.getByRole('button', { name: 'Ajouter un responsable' }).click();
    expect(await violations(desk)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Versions' }).click();
    await page.getByRole('table').waitFor();
    expect(await violations(desk)).toEqual([]);
    await page.getByRole('button', { name: 'Nouvelle version' }).click();
    await page.getByRole('dialog').waitFor();
    expect(await violations(desk)).toEqual([]);
    await page.keyboard.press('Escape');
  });

  test('Préparer, with its plan and its slot', async () => {
    const { page } = desk;
    await desk.goes('Préparer');
    await page.getByRole('heading', { name: 'Comptes invités' }).waitFor();
    expect(await violations(desk)).toEqual([]);
    for (const name of ['Planifier des classes', 'Ajouter un créneau']) {
      await page.getByRole('button', { name }).click();
      await page.getByRole('dialog').waitFor();
      expect(await violations(desk)).toEqual([]);
      await page.keyboard.press('Escape');
    }
  });

  test('Tableau: a class called, and nobody', async () => {
    const board = await desk.context.newPage();
    const answer = await desk.page.request.get(`${inject('address')}/api/classes`);
    const group = ((await answer.json()) as { id: string; code: string }[]).find((one) => one.code === cases.equipped[0]!.pupil.class)!;
    await post(desk, '/api/board/call', { slot_id: null, class_id: group.id });
    await board.goto(`${inject('address')}/tableau`);
    await board.getByRole('heading', { level: 1, name: group.code, exact: true }).waitFor();
    expect(await violations({ page: board })).toEqual([]);
    await post(desk, '/api/board/call', { slot_id: null });
    await board.getByRole('heading', { name: 'Aucune classe n’est appelée' }).waitFor();
    expect(await violations({ page: board })).toEqual([]);
    await board.close();
  });

  test('Fiches: search and lists, a pupil’s page, a laptop’s page', async () => {
    const { page } = desk;
    await desk.goes('Fiches');
    await page.getByRole('region', { name: 'Élèves' }).getByRole('row').nth(1).waitFor();
    expect(await violations(desk)).toEqual([]);
    await page.getByRole('button', { name: 'Ordinateurs' }).click();
    await page.getByRole('region', { name: 'Ordinateurs' }).getByRole('row').nth(1).waitFor();
    expect(await violations(desk)).toEqual([]);
    const { serial } = cases.equipped[5]!.laptop;
    const { id, holder } = await find(desk, serial);
    for (const [path, heading] of [[`ordinateur/${id}`, serial], [`eleve/${holder!.student_id}`, cases.equipped[5]!.pupil.name]]) {
      await page.goto(`${inject('address')}/fiches/${path}`);
      await page.getByRole('heading', { level: 1, name: heading! }).waitFor();
      await page.getByText(/^Remis/).first().waitFor();
      expect(await violations(desk)).toEqual([]);
    }
  });

  test('Fichiers: a report with issues and changes, taking back, a table to describe', async () => {
    const { page } = desk;
    await desk.goes('Fichiers');
    const note = deliveryNote(dark ? '2026-84' : '2026-83', [dark ? '5CD699BM11' : '5CD699BL11'], ['0570001A']);
    const unknown = table('vie scolaire.csv', [['Individu', 'Appelé', 'Salle de cours'], ['GRÂCEVERTE', 'Zoé', '2GT1'], ['MARNEVAL', 'Lou', '2GT2']]);
    const stranger = { name: 'vacances.xml', mimeType: 'text/xml', buffer: Buffer.from('<vacances/>') };
    await choose(desk, note, unknown, stranger);
    await page.getByRole('button', { name: 'Appliquer 1 changement' }).waitFor();
    await page.getByRole('alert').filter({ hasText: 'Fichier refusé' }).waitFor();
    expect(await violations(desk)).toEqual([]);
    await page.getByRole('button', { name: 'Appliquer 1 changement' }).click();
    await page.getByText('Fichier appliqué').waitFor();
    await page.getByRole('button', { name: 'Annuler cet import' }).click();
    await page.getByRole('dialog', { name: 'Annuler cet import' }).waitFor();
    expect(await violations(desk)).toEqual([]);
    await page.getByRole('dialog').getByRole('button', { name: 'Mauvais fichier' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Annuler cet import' }).click();
    await page.getByText('Import annulé').waitFor();
    await page.getByRole('button', { name: 'Fichier suivant : vie scolaire.csv' }).click();
    await page.getByLabel('C’est une liste de').selectOption('mapped_students');
    await page.getByRole('combobox', { name: /^Leur colonne : Nom/ }).first().waitFor();
    expect(await violations(desk)).toEqual([]);
  });

  test('Données: a check with its people, and who is entitled', async () => {
    const { page } = desk;
    await desk.goes('Données');
    await page.getByRole('heading', { name: 'Âge de chaque liste' }).waitFor();
    await page.locator('summary').first().click();
    await page.getByRole('region', { name: /Élèves et classes concernés$/ }).first().waitFor();
    expect(await violations(desk)).toEqual([]);
    await page.getByRole('button', { name: 'Ayants droit' }).click();
    await page.getByRole('checkbox', { name: 'Ayant droit : 200' }).uncheck();
    await page.getByRole('region', { name: 'Ce que cela changerait' }).getByRole('row').nth(1).waitFor();
    expect(await violations(desk)).toEqual([]);
    await page.getByRole('button', { name: 'Ajouter une règle' }).click();
    await page.getByText('De 1 à 11 chiffres ou lettres.').waitFor();
    expect(await violations(desk)).toEqual([]);
  });

  test.each([
    ['Réserve', 'Réserve'], ['Fichiers', 'Fichiers de l’établissement'], ['Registre', 'Registre des remises'], ['Impressions', 'Impressions'],
  ])('%s', async (mode, heading) => {
    await desk.goes(mode);
    await desk.page.getByRole('heading', { name: heading, level: 1 }).waitFor();
    await desk.page.waitForLoadState('networkidle');
    if (mode === 'Réserve') await desk.page.getByRole('heading', { name: 'Niveau' }).waitFor();
    expect(await violations(desk)).toEqual([]);
  });
});
