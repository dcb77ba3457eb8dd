import { afterAll, beforeAll, expect, test } from 'vitest';
import { Desk } from './desk';

let desk: Desk;

beforeAll(async () => {
  desk = await Desk.open('Préparation', { role: 'referent' });
  await desk.goes('Préparer');
  await desk.page.getByRole('heading', { name: 'Préparer la distribution' }).waitFor();
});
afterAll(() => desk.close());

test('the campaign is set, and the connection tested in words', async () => {
  const { page } = desk;
  await page.getByLabel('Du', { exact: true }).fill('2026-12-01');
  await page.getByLabel('Au', { exact: true }).fill('2026-12-04');
  await page.getByLabel('Salle', { exact: true }).fill('CDI');
  await page.getByLabel('Connexion de la salle').selectOption('cable');
  await page.getByLabel('Référent de distribution').fill('Inès Moreau');
  await page.getByRole('button', { name: 'Enregistrer', exact: true }).first().click();
  await page.getByText('Enregistré.').waitFor();
  await page.getByRole('button', { name: 'Tester la connexion' }).click();
  await page.getByText(/(Bonne|Lente) : /).waitFor();
  await page.route('**/api/health', (route) => route.abort());
  await page.getByRole('button', { name: 'Tester la connexion' }).click();
  await page.getByText(/Aucune : le service ne répond pas d’ici/).waitFor();
  await page.unroute('**/api/health');
});

test('classes are planned, one is moved onto another with a warning, and removed', async () => {
  const { page } = desk;
  await page.getByRole('button', { name: 'Planifier des classes' }).click();
  const dialog = page.getByRole('dialog');
  for (const box of await dialog.getByRole('checkbox').all()) await box.uncheck();
  for (const code of ['2GT1', '2GT2', '2GT3']) await dialog.getByRole('checkbox', { name: new RegExp(`^${code}`) }).check();
  await dialog.getByRole('button', { name: 'Planifier 3 classes' }).click();
  await dialog.waitFor({ state: 'hidden' });
  const row = (code: string) => page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: code, exact: true }) });
  await row('2GT1').getByText('01/12/2026, 08:30').waitFor();
  expect(await row('2GT2').innerText()).toContain('01/12/2026, 09:00');
  expect(await row('2GT3').count()).toBe(1);
  await page.getByRole('button', { name: 'Modifier 2GT2' }).click();
  await dialog.getByLabel('Date et heure').fill('2026-12-01T08:35');
  await dialog.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText('Des créneaux se chevauchent dans une même salle').waitFor();
  await page.getByRole('button', { name: 'Retirer 2GT2' }).click();
  await page.getByText('Des créneaux se chevauchent dans une même salle').waitFor({ state: 'hidden' });
});

test('a newcomer gets a slot of their own', async () => {
  const { page } = desk;
  await page.getByRole('button', { name: 'Ajouter un créneau' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'Chercher' }).fill('ma');
  await dialog.getByRole('listbox').getByRole('option').first().click();
  await dialog.getByLabel('Date et heure').fill('2026-12-02T10:00');
  await dialog.getByLabel('Minutes').fill('10');
  await dialog.getByRole('button', { name: 'Enregistrer' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.getByText('02/12/2026, 10:00 – 10:10').waitFor();
});

test('guest passwords go onto the slips and are gone from the page', async () => {
  const { page, context } = desk;
  await page.getByLabel('Identifiant 1').fill('invite1');
  await page.getByLabel('Mot de passe 1').fill('Tulipe-4711');
  const [slips] = await Promise.all([context.waitForEvent('page'), page.getByRole('button', { name: 'Imprimer les coupons' }).click()]);
  await slips.getByText('Tulipe-4711').waitFor();
  expect(slips.url()).not.toContain('Tulipe');
  await slips.close();
  expect(await page.getByLabel('Mot de passe 1').inputValue()).toBe('');
  await page.reload();
  await page.getByLabel('Identifiant 1').waitFor();
  expect(await page.getByLabel('Identifiant 1').inputValue()).toBe('invite1');
  expect(await page.getByLabel('Mot de passe 1').inputValue()).toBe('');
});
