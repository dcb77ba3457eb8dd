import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { Desk } from './desk';

const cases = inject('cases');
const { pupil, laptop } = cases.charter_on_file[11]!;
let desk: Desk;

beforeAll(async () => {
  desk = await Desk.open('Tableau', { width: 1920, height: 1080 });
});
afterAll(() => desk.close());

test('a class called at the desk and a hand-over are on the board within a second', async () => {
  const board = await desk.context.newPage();
  await board.goto(`${inject('address')}/tableau`);
  await board.getByRole('heading', { name: /Aucune classe|^\w/ }).first().waitFor();
  await desk.page.bringToFront();
  await desk.page.getByRole('button', { name: /sur/ }).first().click();
  await desk.page.getByRole('button', { name: `Appeler ${pupil.class} au tableau` }).click();
  await desk.page.getByText(`${pupil.class} est appelé au tableau.`).waitFor();
  await board.getByRole('heading', { level: 1, name: pupil.class!, exact: true }).waitFor({ timeout: 2_000 });
  const before = Number(/Attendus : (\d+)/.exec(await board.locator('main').innerText())?.[1]);
  expect(before).toBeGreaterThan(0);
  // First name and initial: no family name is on the wall.
  const family = pupil.name.split(' ').at(-1)!;
  expect(await board.locator('main').innerText()).not.toContain(family);
  await desk.page.keyboard.press('Escape');
  await desk.page.getByRole('dialog').waitFor({ state: 'hidden' });
  await desk.scans(pupil.badge);
  await desk.says('Présentez l’étiquette de l’ordinateur');
  await desk.scans(laptop.label);
  await desk.says('Remis');
  await board.getByRole('heading', { name: `Attendus : ${before - 1}` }).waitFor({ timeout: 1_000 });
  await board.close();
});
