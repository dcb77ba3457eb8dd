import { readFileSync } from 'node:fs';
import { expect, inject, test } from 'vitest';
import { laptop as find } from './acts';
import { violations } from './axe';
import { Desk } from './desk';

const cases = inject('cases');
const SHOTS = process.env['SHOTS'];

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

test('one box finds a receipt and a charter by their codes, and leads to paper and pupil', async () => {
  const { pupil, laptop } = cases.equipped[4]!;
  const desk = await Desk.open('Reçu cherché', { role: 'referent' });
  const { page } = desk;
  await page.goto(`${inject('address')}/fiches`);
  const out = await page.request.get(`${inject('address')}/api/loans/out?class=${pupil.class}`);
  const loan = ((await out.json()) as { loan_id: string; serial: string }[]).find((one) => one.serial === laptop.serial)!;
  const path = `/print/hand-overs/${loan.loan_id}`;
  const paper = await desk.context.newPage();
  await paper.goto(inject('address') + path);
  const code = (await paper.locator('g[data-code^="RM"]').first().getAttribute('data-code'))!;
  await paper.close();
  const box = page.getByLabel('Nom, classe, n° de série ou code scanné');
  const results = page.getByRole('region', { name: 'Résultats' });
  // A scanner types into the box and ends with Enter: the paper is one more Enter away, the pupil below it.
  await box.focus();
  await desk.types(code, 'Enter');
  const link = results.getByRole('link', { name: code });
  await link.getByText('Reçu de remise').waitFor();
  await expect.poll(() => link.evaluate((one) => one === document.activeElement)).toBe(true);
  expect(await link.getAttribute('href')).toBe(path);
  await shot(desk, 'recu-trouve');
  expect(await violations(desk)).toEqual([]);
  const [opened] = await Promise.all([desk.context.waitForEvent('page'), page.keyboard.press('Enter')]);
  await opened.getByRole('heading', { name: 'Reçu de remise', level: 1 }).last().waitFor();
  await opened.close();
  await results.getByRole('link', { name: `${pupil.name} ${pupil.class}` }).click();
  await page.getByRole('heading', { name: pupil.name, level: 1 }).waitFor();
  // A charter leads to its pupil at once, here and where a pupil is looked for at a desk.
  const signer = cases.ready[10]!.pupil;
  await box.focus();
  await desk.types(signer.charter[0]!, 'Enter');
  await page.getByRole('heading', { name: signer.name, level: 1 }).waitFor();
  await page.goto(inject('address'));
  const find = page.getByRole('combobox', { name: 'Chercher un élève ou un numéro de série' });
  for (const [typed, name] of [[signer.charter[1]!, signer.name], [code, pupil.name]] as const) {
    await find.fill(typed);
    await page.getByRole('option', { name }).waitFor();
    await find.press('Escape');
  }
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
  await page.locator('[aria-busy="false"]').locator('th[aria-sort="ascending"]').getByText('Classe').waitFor();
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

test('from the pages of a pupil and of a laptop to Échange and Retour, by keys alone', async () => {
  const desk = await Desk.open('Renvois', { role: 'referent' });
  const { page } = desk;
  const { pupil, laptop } = cases.equipped[4]!;
  const { id, holder } = await find(desk, laptop.serial);
  const card = page.locator('main').getByText(pupil.name);
  for (const [path, link, says] of [
    [`eleve/${holder!.student_id}`, 'Échanger', 'Que s’est-il passé'],
    [`ordinateur/${id}`, 'Échanger', 'Que s’est-il passé'],
    [`eleve/${holder!.student_id}`, 'Reprendre', 'Tout est là et en bon état : Entrée'],
    [`ordinateur/${id}`, 'Reprendre', 'Tout est là et en bon état : Entrée'],
  ] as const) {
    await page.goto(`${inject('address')}/fiches/${path}`);
    await page.getByRole('link', { name: 'Retour aux fiches' }).focus();
    // The links stand next to each other, Échanger before Reprendre.
    await page.keyboard.press('Tab');
    if (link === 'Reprendre') await page.keyboard.press('Tab');
    expect(await page.evaluate(() => (document.activeElement as HTMLElement).innerText)).toBe(link);
    await page.keyboard.press('Enter');
    await desk.says(says);
    await card.first().waitFor();
    await page.getByText(laptop.serial).first().waitFor();
    // What was brought is brought once: the address forgets it, a reload finds an empty desk, back leads to the page.
    expect(new URL(page.url()).search).toBe('');
    await page.keyboard.press('Escape');
    await card.waitFor({ state: 'hidden' });
    await page.goBack();
    await page.getByRole('link', { name: link }).waitFor();
  }
  // The keys of the mode go on from there.
  await page.getByRole('link', { name: 'Échanger' }).click();
  await desk.says('Que s’est-il passé');
  await page.keyboard.press('1');
  await desk.says('Présentez l’ordinateur de réserve');
  await page.reload();
  await desk.says('Présentez l’ordinateur ou le badge');
  await desk.close();
});

test('a link opened in another tab, and one whose laptop nobody knows', async () => {
  const desk = await Desk.open('Autre onglet', { role: 'referent' });
  const { page } = desk;
  const { id } = await find(desk, cases.equipped[4]!.laptop.serial);
  await page.goto(`${inject('address')}/fiches/ordinateur/${id}`);
  const href = await page.getByRole('link', { name: 'Échanger' }).getAttribute('href');
  await page.goto(inject('address') + href!);
  await desk.says('Que s’est-il passé');
  await page.goto(`${inject('address')}/echange?ordinateur=00000000-0000-7000-8000-000000000000`);
  await page.locator('section[aria-live].refused, section[aria-live].unknown').waitFor();
  await desk.close();
});
