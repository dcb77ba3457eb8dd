import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, inject, test } from 'vitest';
import { Desk } from './desk';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const cases = inject('cases');
const SHOTS = process.env['SHOTS'];

async function violations(desk: Desk): Promise<string[]> {
  await desk.page.evaluate(AXE);
  const found = (await desk.page.evaluate(
    (rules) => (window as unknown as { axe: { run(options: object): Promise<{ violations: { id: string; nodes: { target: string[] }[] }[] }> } }).axe.run({ runOnly: rules }),
    RULES,
  ));
  return found.violations.flatMap((one) => one.nodes.map((node) => `${one.id} ${node.target.join(' ')}`));
}

async function shot(desk: Desk, name: string): Promise<void> {
  if (!SHOTS) return;
  await desk.page.waitForLoadState('networkidle');
  await desk.page.screenshot({ path: `${SHOTS}/${name}.png` });
}

test('one box finds a pupil; both pages tell the same story', async () => {
  const { laptop } = cases.equipped[3]!;
  const desk = await Desk.open('Fiches', { role: 'referent' });
  const { page } = desk;
  await page.goto(`${inject('address')}/fiches`);
  await page.getByRole('heading', { name: 'Fiches', level: 1 }).waitFor();
  await shot(desk, 'fiches');
  expect(await violations(desk)).toEqual([]);
  // `/` and the last characters of a serial number, then Enter.
  await page.keyboard.press('/');
  await page.getByLabel('Nom, classe, n° de série ou code scanné').fill(laptop.serial);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: laptop.serial, level: 1 }).waitFor();
  await page.getByText('Remis à').first().waitFor();
  await shot(desk, 'ordinateur');
  expect(await violations(desk)).toEqual([]);
  await page.locator('dl').getByRole('link').click();
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.getByText(`Remis ${laptop.serial}`).first().waitFor();
  expect(page.url()).toMatch(/\/fiches\/eleve\/[0-9a-f-]{36}$/);
  await shot(desk, 'eleve');
  expect(await violations(desk)).toEqual([]);
  // The address is the page: a reload shows it again, and back leads to the laptop.
  await page.reload();
  await page.getByText(`Remis ${laptop.serial}`).first().waitFor();
  await page.goBack();
  await page.getByRole('heading', { name: laptop.serial, level: 1 }).waitFor();
  await desk.close();
});

test('lists are narrowed, sorted, walked by keys and saved', async () => {
  const desk = await Desk.open('Listes', { role: 'referent' });
  const { page } = desk;
  await page.goto(`${inject('address')}/fiches`);
  const table = page.getByRole('region', { name: 'Élèves' });
  await table.getByRole('row').nth(1).waitFor();
  await page.getByLabel('Équipé').selectOption('Oui');
  await page.getByRole('button', { name: 'Tout afficher' }).waitFor();
  await table.getByRole('button', { name: 'Classe' }).click();
  await page.locator('th[aria-sort="ascending"]').getByText('Classe').waitFor();
  await table.getByRole('link').first().focus();
  await page.keyboard.press('ArrowDown');
  const second = await table.getByRole('link').nth(1).innerText();
  expect(await page.evaluate(() => (document.activeElement as HTMLElement).innerText)).toBe(second);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Exporter en CSV' }).click()]);
  const text = readFileSync(await download.path(), 'utf8');
  expect(text).toContain('Identifiant élève;Nom;Prénom;Classe');
  await table.getByRole('link').nth(1).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1 }).waitFor();
  expect(page.url()).toContain('/fiches/eleve/');
  await page.getByRole('link', { name: 'Retour aux fiches' }).click();
  await page.getByRole('button', { name: 'Ordinateurs' }).click();
  await page.getByRole('region', { name: 'Ordinateurs' }).getByRole('row').nth(1).waitFor();
  await page.getByLabel('État').selectOption('remis');
  await shot(desk, 'ordinateurs');
  expect(await violations(desk)).toEqual([]);
  await desk.close();
});

test('an unknown name says what to try, on a tablet too', async () => {
  const desk = await Desk.open('Tablette', { width: 800, height: 1280, dark: true });
  const { page } = desk;
  await page.goto(`${inject('address')}/fiches`);
  await shot(desk, 'fiches-tablette');
  await page.getByLabel('Nom, classe, n° de série ou code scanné').fill('zzzzqq');
  await page.getByText('Rien ne correspond').waitFor();
  expect(await violations(desk)).toEqual([]);
  await desk.close();
});
