import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { laptop } from './acts';
import { Desk } from './desk';

const cases = inject('cases');
let desk: Desk;

beforeAll(async () => {
  desk = await Desk.open('Inventaire', { role: 'referent' });
  await desk.page.keyboard.press('F6');
  await desk.says('Ouvrez un inventaire');
});
afterAll(() => desk.close());
beforeEach(() => desk.page.keyboard.press('Escape').then(() => desk.page.keyboard.press('Escape')));

test('room by room: seen, unexpected, unknown, and a scan taken back', async () => {
  const { page } = desk;
  await page.getByRole('button', { name: 'Nouvel inventaire…' }).click();
  await page.getByLabel('Nom de l’inventaire').fill('Toussaint');
  await page.getByRole('button', { name: 'Ouvrir' }).click();
  await page.getByRole('region', { name: /Toussaint/ }).waitFor();
  await page.getByRole('textbox', { name: 'Salle' }).fill('CDI');
  await page.keyboard.press('Tab');
  await desk.scans(cases.reserve[10]!.label);
  await desk.says('Vu');
  await page.getByText('1 vus', { exact: true }).waitFor();
  await desk.scans(cases.equipped[11]!.laptop.label);
  await desk.says('Inattendu ici');
  await desk.scans('5CD699ST01');
  await desk.says('Ordinateur inconnu');
  await page.getByText('1 inconnus').waitFor();
  await page.keyboard.press('Control+z');
  await desk.says('Retiré');
  await page.getByText('0 inconnus').waitFor();
  await page.getByRole('group', { name: 'À regarder' }).getByText('vu en CDI').waitFor();
});

test('an operator counts along and closes nothing', async () => {
  const other = await Desk.open('Inventaire 2');
  await other.page.keyboard.press('F6');
  await other.page.getByRole('region', { name: /Toussaint/ }).waitFor();
  await other.scans(cases.reserve[10]!.label);
  await other.says('Déjà compté');
  await other.page.getByRole('button', { name: 'Rapport' }).click();
  await other.page.getByText('Le référent ou le chef d’établissement clôture.').waitFor();
  expect(await other.page.getByRole('button', { name: 'Clôturer…' }).count()).toBe(0);
  await other.close();
});

test('the report’s corrections are ticked one by one and applied at the closing', async () => {
  const { page } = desk;
  const { laptop: own } = cases.equipped[11]!;
  await page.getByRole('button', { name: 'Rapport' }).click();
  const back = page.getByRole('checkbox', { name: new RegExp(own.serial) });
  await back.waitFor();
  expect(await back.isChecked()).toBe(true);
  expect(await page.getByRole('checkbox', { name: new RegExp(cases.reserve[11]!.serial) }).isChecked()).toBe(false);
  await desk.says('Lisez le rapport, puis clôturez');
  await page.getByRole('button', { name: 'Clôturer…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('1 correction sera appliquée').waitFor();
  await dialog.getByRole('button', { name: 'Clôturer' }).click();
  await desk.says('Inventaire clos');
  expect((await laptop(desk, own.serial)).state).toBe('in_stock');
});
