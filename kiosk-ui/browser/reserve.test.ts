import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { dayAhead } from '../src/flow/days';
import { handOver, laptop, post, report } from './acts';
import { Desk } from './desk';

const cases = inject('cases');
let desk: Desk;

async function atReserve(one: Desk): Promise<void> {
  await one.goes('Réserve');
  await one.page.getByRole('heading', { name: 'Niveau' }).waitFor();
}

beforeAll(async () => {
  desk = await Desk.open('Réserve', { role: 'referent' });
});
afterAll(() => desk.close());

test('the level stands in words beside both bounds, and what is in the reserve can be taken out', async () => {
  await atReserve(desk);
  const { page } = desk;
  await page.getByText(/La cible va de \d+ à \d+ ordinateurs/).waitFor();
  await page.getByRole('figure').getByText(/cible de 2 à 4\s%/).waitFor({ state: 'attached' });
  const { serial } = cases.reserve[7]!;
  const there = page.getByRole('region', { name: 'Dans la réserve' });
  await there.getByRole('button', { name: `Sortir : ${serial}` }).click();
  await there.getByRole('button', { name: `Sortir : ${serial}` }).waitFor({ state: 'detached' });
  const { id, state } = await laptop(desk, serial);
  expect(state).toBe('in_stock');
  await post(desk, '/api/devices/moves', { device_ids: [id], move: 'set_aside' });
});

test('a loan gets another day, and a reminder to copy', async () => {
  const { page } = desk;
  const { pupil, laptop: own } = cases.equipped[7]!;
  const student = (await laptop(desk, own.serial)).holder!.student_id;
  const spare = await laptop(desk, cases.reserve[7]!.serial);
  await post(desk, '/api/loans', { student_id: student, device_id: spare.id, until: dayAhead(1), purpose: 'forgotten' });
  await desk.page.keyboard.press('F2');
  await desk.says('Présentez le badge');
  await atReserve(desk);
  const row = page.getByRole('region', { name: 'Prêts en cours' }).getByRole('row').filter({ hasText: pupil.name });
  await row.getByRole('button', { name: 'Prolonger' }).click();
  await page.getByLabel('Nouvelle date').fill(dayAhead(9));
  await page.getByRole('dialog').getByRole('button', { name: 'Prolonger' }).click();
  await row.getByText('prolongé 1 fois').waitFor();
  await row.getByRole('button', { name: 'Rappel' }).click();
  expect(await page.getByRole('textbox', { name: 'Rappel' }).inputValue()).toContain(spare.serial);
  await page.getByRole('dialog').getByRole('button', { name: 'Fermer' }).click();
  const loan = (await laptop(desk, spare.serial)).holder!.loan_id;
  await post(desk, '/api/returns', { loan_id: loan, damaged: [], missing: [], note: '' });
});

test('a pupil keeps the spare for good, by keys alone: the broken laptop is nobody’s', async () => {
  const { page } = desk;
  const pair = cases.charter_on_file[13]!;
  const student = await handOver(desk, pair);
  const spare = await laptop(desk, cases.reserve[14]!.serial);
  await report(desk, pair.laptop.serial, 'breakdown', { device_id: spare.id, until: dayAhead(14) });
  await page.keyboard.press('F2');
  await atReserve(desk);
  const row = page.getByRole('region', { name: 'Prêts en cours' }).getByRole('row').filter({ hasText: pair.pupil.name });
  await row.getByRole('button', { name: 'Garder' }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: `Laisser cet ordinateur à ${pair.pupil.name}` });
  await dialog.getByText('Le prêt devient sa dotation').waitFor();
  expect(await dialog.getByRole('button', { name: 'Garder' }).isDisabled()).toBe(true);
  await dialog.getByRole('button', { name: 'Réparation impossible' }).focus();
  await page.keyboard.press('Space');
  await dialog.getByLabel('Motif').focus();
  await page.keyboard.press('Enter');
  await row.waitFor({ state: 'detached' });
  const answer = await page.request.get(`${inject('address')}/api/students/${student}`);
  const now = (await answer.json()) as { allocation: { serial: string } | null; temporary: unknown };
  expect([now.allocation?.serial, now.temporary ?? null]).toEqual([spare.serial, null]);
  const broken = await laptop(desk, pair.laptop.serial);
  expect([broken.state, broken.holder ?? null]).toEqual(['awaiting_repair', null]);
  expect((await laptop(desk, spare.serial)).state).toBe('lent');
});

test('an operator lends and reminds, and leaves no laptop to anybody for good', async () => {
  const operator = await Desk.open('Réserve, accueil');
  const own = cases.equipped[7]!;
  const spare = await laptop(operator, cases.reserve[15]!.serial);
  await post(operator, '/api/loans', {
    student_id: (await laptop(operator, own.laptop.serial)).holder!.student_id, device_id: spare.id, until: dayAhead(1), purpose: 'forgotten',
  });
  await atReserve(operator);
  const row = operator.page.getByRole('region', { name: 'Prêts en cours' }).getByRole('row').filter({ hasText: own.pupil.name });
  await row.getByRole('button', { name: 'Rappel' }).waitFor();
  expect(await row.getByRole('button', { name: 'Garder' }).count()).toBe(0);
  const loan = (await laptop(operator, spare.serial)).holder!.loan_id;
  await post(operator, '/api/returns', { loan_id: loan, damaged: [], missing: [], note: '' });
  await operator.close();
});

test('the school changes its rule and takes the programme’s again', async () => {
  const { page } = desk;
  await atReserve(desk);
  const rule = page.getByRole('combobox', { name: 'Remplacement : Perte' });
  await rule.selectOption('Aucun');
  await page.getByRole('row').filter({ hasText: 'Perte' }).getByText('règle de l’établissement').waitFor();
  await rule.selectOption('Sur décision du chef d’établissement (FUP)');
  await expect.poll(() => rule.inputValue()).toBe('grant');
  await page.waitForLoadState('networkidle');
});

test('a request waits for the head, who grants it within what is left; then the laptop is handed over', async () => {
  // Whose laptop another test reports broken: by then the granted one.
  const { pupil, laptop: own } = cases.equipped[6]!;
  const held = await laptop(desk, own.serial);
  const told = await post<{ incident_id: string }>(desk, '/api/incidents', {
    loan_id: held.holder!.loan_id, incident: 'loss', symptoms: [], description: '', spare: null,
  });
  await post(desk, '/api/grants', { incident_id: told.incident_id, reason: 'Situation sociale' });
  const head = await Desk.open('Direction', { role: 'proviseur' });
  const { page } = head;
  await atReserve(head);
  const fund = page.getByRole('region', { name: 'Fonds d’urgence (FUP)' }).first();
  await page.getByLabel('Montant (€)').fill('2 000,00');
  await page.getByRole('button', { name: 'Enregistrer le budget' }).click();
  await fund.getByRole('table', { name: 'Budgets' }).waitFor();
  await page.getByRole('row').filter({ hasText: pupil.name }).getByRole('button', { name: /^Décider/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(/^Reste 2.000,00/).waitFor();
  await dialog.getByLabel('Montant (€)').fill('329,90');
  await dialog.getByRole('button', { name: 'Accorder' }).click();
  const row = page.getByRole('row').filter({ hasText: pupil.name });
  await row.getByText('accordé, à remettre').waitFor();
  await row.getByRole('button', { name: /^Remettre/ }).click();
  await page.getByRole('dialog').waitFor();
  await head.scans(cases.reserve[8]!.label);
  await row.getByText('accordé, remis').waitFor();
  expect((await laptop(head, cases.reserve[8]!.serial)).holder?.student_id).toBe(held.holder!.student_id);
  await head.close();
});

test('the head refuses with a reason, which stays, and no laptop can be handed over', async () => {
  const pair = cases.charter_on_file[14]!;
  await handOver(desk, pair);
  const incident = await report(desk, pair.laptop.serial, 'loss', null);
  await post(desk, '/api/grants', { incident_id: incident, reason: 'Premier sinistre, élève sérieux' });
  const head = await Desk.open('Direction, refus', { role: 'proviseur' });
  const { page } = head;
  await atReserve(head);
  const row = page.getByRole('row').filter({ hasText: pair.pupil.name });
  await row.getByRole('button', { name: /^Décider/ }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: `Décision pour ${pair.pupil.name}` });
  const refuse = dialog.getByRole('button', { name: 'Refuser' });
  await dialog.getByLabel('Montant (€)').fill('329,90');
  expect(await refuse.isDisabled()).toBe(true);
  await dialog.getByLabel('Motif (obligatoire pour un refus)').fill('Deuxième perte cette année');
  await refuse.focus();
  await page.keyboard.press('Enter');
  await row.getByText('refusé', { exact: true }).waitFor();
  await row.getByText('Deuxième perte cette année').waitFor();
  // Nothing was spent, and nothing is left to do.
  expect(await row.innerText()).not.toContain('€');
  expect(await row.getByRole('button').count()).toBe(0);
  await head.close();
  await desk.page.reload();
  await desk.page.getByRole('row').filter({ hasText: pair.pupil.name }).getByText('refusé', { exact: true }).waitFor();
});
