import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { violations } from './axe';
import { Desk } from './desk';

const cases = inject('cases');
let desk: Desk;

beforeAll(async () => {
  desk = await Desk.open('Données', { role: 'referent' });
});
afterAll(() => desk.close());

interface Found {
  checks: { code: string; title: string; total: number; findings: { label: string }[] }[];
  imports: { label: string; is_old: boolean }[];
}

async function asked(): Promise<Found> {
  return (await (await desk.page.request.get(`${inject('address')}/api/data/checks`)).json()) as Found;
}

test('each check says how many and what to do, and leads to the people concerned', async () => {
  const { page } = desk;
  await desk.goes('Données');
  const check = (await asked()).checks.find((one) => one.code === 'badge_missing')!;
  expect(check.total).toBeGreaterThan(0);
  const summary = page.locator('summary').filter({ hasText: check.title });
  expect(await summary.innerText()).toMatch(new RegExp(`^${check.total}\\b`));
  expect(await summary.innerText()).toContain('Imprimez leurs badges');
  // By keyboard: a summary is a button.
  await summary.focus();
  await page.keyboard.press('Enter');
  const people = page.getByRole('region', { name: `${check.title} : Élèves et classes concernés` });
  expect(await people.getByRole('link').count()).toBe(check.findings.length);
  const name = check.findings[0]!.label.split(' ')[0]!;
  await people.getByRole('link').first().click();
  await page.getByRole('heading', { level: 1, name: new RegExp(name, 'i') }).waitFor();
  expect(page.url()).toMatch(/\/fiches\/eleve\/[0-9a-f-]{36}$/);
  await page.goBack();
  await page.getByRole('heading', { level: 1, name: 'Données' }).waitFor();
});

test('all that a check found leaves as a CSV, to be corrected at the source', async () => {
  const { page } = desk;
  const check = (await asked()).checks.find((one) => one.total > one.findings.length)!;
  await page.locator('summary').filter({ hasText: check.title }).click();
  await page.getByText(`Les ${check.findings.length} premiers sur ${check.total} ;`).waitFor();
  const coming = page.waitForEvent('download');
  await page.getByRole('link', { name: `Exporter (CSV) : ${check.title}` }).click();
  const lines = readFileSync(await (await coming).path(), 'utf8').trimEnd().split('\r\n');
  expect(lines[0]).toBe('\uFEFFClasse;Nom;Détail');
  expect(lines.length - 1).toBe(check.total);
});

test('each list shows its age, and which is too old', async () => {
  const { page } = desk;
  const ages = page.getByRole('region', { name: 'Âge de chaque liste' });
  for (const { label, is_old } of (await asked()).imports) {
    const row = await ages.getByRole('row').filter({ has: page.getByRole('rowheader', { name: label, exact: true }) }).innerText();
    expect([label, /jamais reçue|à renouveler/.test(row)]).toEqual([label, is_old]);
  }
});

test('when nothing is wrong, the page says so', async () => {
  const { page } = desk;
  const { checks, imports } = await asked();
  await page.route('**/api/data/checks', (route) => route.fulfill({ json: { checks: checks.map((one) => ({ ...one, total: 0, findings: [] })), imports } }));
  await page.reload();
  await page.getByRole('status').filter({ hasText: 'Tout est en ordre' }).waitFor();
  expect(await page.locator('summary').count()).toBe(0);
  expect(await violations(desk)).toEqual([]);
  await page.unroute('**/api/data/checks');
});

test('changed rules show who becomes entitled and who no longer is, with those who have a laptop', async () => {
  const { page } = desk;
  await page.reload();
  await page.getByRole('button', { name: 'Ayants droit' }).click();
  await page.getByText('Personne ne change.').waitFor();
  await page.getByRole('checkbox', { name: 'Ayant droit : 311' }).check();
  const effect = page.getByRole('region', { name: 'Ce que cela changerait' });
  await effect.getByRole('row').filter({ hasText: 'devient ayant droit' }).first().waitFor();
  await page.getByRole('checkbox', { name: 'Ayant droit : 200' }).uncheck();
  await effect.getByRole('row').filter({ hasText: 'n’est plus ayant droit' }).first().waitFor();
  const holder = cases.equipped.find(({ pupil }) => pupil.class?.startsWith('2GT'))!.pupil.name;
  await effect.getByRole('row').filter({ hasText: holder }).filter({ hasText: 'équipé' }).waitFor();
});

test('a rule that is malformed or there twice is told, and nothing is asked', async () => {
  const { page } = desk;
  await page.getByRole('button', { name: 'Ajouter une règle' }).click();
  await page.keyboard.type('20-');
  await page.getByText('De 1 à 11 chiffres ou lettres.').waitFor();
  await page.getByText('Corrigez les règles signalées').waitFor();
  expect(await page.getByRole('button', { name: 'Appliquer ces règles' }).isDisabled()).toBe(true);
  await page.keyboard.press('Backspace');
  await page.keyboard.type('1');
  await page.getByText('Deux règles commencent ainsi.').first().waitFor();
  await page.getByRole('button', { name: 'Retirer la règle 201' }).last().click();
  await page.getByRole('button', { name: 'Ne rien changer' }).click();
  await page.getByText('Personne ne change.').waitFor();
});

test('rules are put in force, and the programme’s come back', async () => {
  const { page } = desk;
  const bts = async () => {
    const found = await page.request.post(`${inject('address')}/api/students/list`, { data: { class: 'BTS1', entitled: true } });
    return ((await found.json()) as { students: unknown[] }).students.length;
  };
  expect(await bts()).toBe(0);
  await page.getByRole('checkbox', { name: 'Ayant droit : 311' }).check();
  await page.getByText(/devien(t|nent) ayants? droit/).first().waitFor();
  await page.getByRole('button', { name: 'Appliquer ces règles' }).click();
  await page.getByText('Règles appliquées').waitFor();
  await page.getByText('Règles de l’établissement').waitFor();
  expect(await bts()).toBeGreaterThan(0);
  await page.getByRole('button', { name: 'Revenir aux règles du programme' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revenir aux règles du programme' }).click();
  await page.getByText('Règles du programme', { exact: true }).waitFor();
  expect(await bts()).toBe(0);
});
