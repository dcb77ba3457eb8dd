import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { laptop, post } from './acts';
import { Sheets, canvasCamera, holdUp } from './camera';
import { Desk } from './desk';

const cases = inject('cases');
let desk: Desk;

beforeAll(async () => {
  desk = await Desk.open('Échange');
  await desk.page.keyboard.press('F3');
  await desk.says('Présentez l’ordinateur ou le badge');
});
afterAll(() => desk.close());
beforeEach(() => desk.page.keyboard.press('Escape').then(() => desk.page.keyboard.press('Escape')));

test('a laptop, a key and a spare: swapped, listed, and taken back', async () => {
  const { pupil, laptop: broken } = cases.equipped[5]!;
  const spare = cases.reserve[0]!;
  await desk.scans(broken.label);
  await desk.says('Que s’est-il passé');
  await desk.page.keyboard.press('1');
  await desk.says('Présentez l’ordinateur de réserve');
  await desk.page.getByRole('button', { name: 'Écran' }).click();
  await desk.scans(spare.label);
  await desk.says('Échange');
  const told = await desk.outcome();
  for (const part of [pupil.name, broken.serial, spare.serial]) expect(told).toContain(part);
  await desk.page.getByRole('listitem').filter({ hasText: spare.serial }).waitFor();
  expect((await laptop(desk, broken.serial)).state).toBe('awaiting_repair');
  await desk.takesBack('Mauvais ordinateur');
  await desk.says('Échange : annulé');
  expect((await laptop(desk, broken.serial)).state).toBe('lent');
});

test('a spare shown first waits for a key', async () => {
  await desk.scans(cases.reserve[1]!.label);
  await desk.says('Présentez l’ordinateur ou le badge');
  await desk.scans(cases.equipped[5]!.pupil.badge);
  await desk.says('Que s’est-il passé');
  await desk.page.keyboard.press('1');
  await desk.says('Vérifiez, puis validez');
  await desk.page.keyboard.press('Enter');
  await desk.says('Échange');
  await desk.takesBack('Erreur de saisie');
});

test('what the table forbids is said before a spare is asked for, with the way out', async () => {
  const { pupil } = cases.equipped[6]!;
  await desk.scans(pupil.badge);
  await desk.says('Que s’est-il passé');
  await desk.page.keyboard.press('4');
  await desk.says('Saisissez le numéro de plainte');
  await desk.page.keyboard.press('2');
  await desk.says('Pas de remplacement sans accord du chef d’établissement');
  await desk.page.getByRole('button', { name: 'Déclarer et demander le FUP' }).click();
  const dialog = desk.page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Situation sociale' }).click();
  await dialog.getByRole('button', { name: 'Déclarer et demander le FUP' }).click();
  await desk.says('FUP demandé');
  await desk.page.getByRole('listitem').filter({ hasText: pupil.name }).getByText('Sinistre déclaré', { exact: true }).waitFor();
});

test('a picture goes with the report of a breakage', async () => {
  const { pupil, laptop: broken } = cases.equipped[5]!;
  await desk.scans(broken.label);
  await desk.says('Que s’est-il passé');
  await desk.page.keyboard.press('2');
  await desk.page.getByLabel('Note').fill('Écran fendu');
  const picture = await desk.page.screenshot({ type: 'jpeg', clip: { x: 0, y: 0, width: 300, height: 200 } });
  await desk.page.getByLabel('Photo', { exact: true }).setInputFiles({ name: 'casse.jpg', mimeType: 'image/jpeg', buffer: picture });
  await desk.page.getByText('1 photo jointe').waitFor();
  const kept = desk.page.waitForResponse((answer) => answer.url().endsWith('/photos'));
  await desk.page.getByRole('button', { name: 'Déclarer sans remplacer' }).click();
  await desk.says('Sinistre déclaré');
  expect(await desk.outcome()).toContain(pupil.name);
  expect((await kept).status()).toBe(201);
  await desk.takesBack('Mauvais élève');
});

test('a forgotten laptop: a loan until this evening, and then the question which one it is about', async () => {
  const { pupil, laptop: own } = cases.equipped[7]!;
  const spare = cases.reserve[2]!;
  await desk.scans(pupil.badge);
  await desk.says('Que s’est-il passé');
  await desk.page.keyboard.press('5');
  await desk.says('Présentez l’ordinateur de réserve');
  await desk.scans(spare.label);
  await desk.says('Prêt');
  await desk.page.keyboard.press('Escape');
  await desk.scans(pupil.badge);
  await desk.says('Quel ordinateur est concerné');
  await desk.page.getByRole('button', { name: own.serial }).click();
  await desk.says('Que s’est-il passé');
  await desk.takesBack('Mauvais élève');
  await desk.says('Prêt : annulé');
});

test('the repaired laptop is offered when the spare is shown, and both change hands by one key', async () => {
  const { pupil, laptop: own } = cases.equipped[8]!;
  const spare = cases.reserve[3]!;
  await desk.scans(own.label);
  await desk.says('Que s’est-il passé');
  await desk.page.keyboard.press('1');
  await desk.says('Présentez l’ordinateur de réserve');
  await desk.scans(spare.label);
  await desk.says('Échange');
  const { id } = await laptop(desk, own.serial);
  await post(desk, '/api/repairs/back', { device_id: id, outcome: 'repaired' });
  await desk.page.keyboard.press('Escape');
  await desk.scans(spare.label);
  await desk.says('L’ordinateur réparé est revenu');
  await desk.page.getByRole('button', { name: 'Rendre l’ordinateur réparé' }).waitFor();
  await desk.page.keyboard.press('Enter');
  await desk.says('Ordinateur réparé rendu');
  expect(await desk.outcome()).toContain(pupil.name);
  expect((await laptop(desk, own.serial)).state).toBe('lent');
});

test('a laptop that is no spare is refused in words', async () => {
  await desk.scans(cases.equipped[7]!.pupil.badge);
  await desk.says('Que s’est-il passé');
  await desk.scans(cases.in_repair[1]!.label);
  await desk.says('Pas un ordinateur de réserve');
});

test('held up before the camera: the laptop, then the spare', async () => {
  const sheets = await Sheets.open();
  const seen = await Desk.open('Échange, caméra', { before: canvasCamera });
  await seen.page.keyboard.press('F3');
  await seen.says('Présentez l’ordinateur ou le badge');
  await holdUp(seen.page, [await sheets.label(cases.equipped[7]!.laptop.serial)]);
  await seen.says('Que s’est-il passé');
  await seen.page.keyboard.press('1');
  await seen.says('Présentez l’ordinateur de réserve');
  await holdUp(seen.page, [await sheets.label(cases.reserve[4]!.serial)]);
  await seen.says('Échange');
  await holdUp(seen.page, []);
  await seen.takesBack('Mauvais ordinateur');
  await sheets.close();
  await seen.close();
}, 120_000);
