import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { Desk } from './desk';

const cases = inject('cases');
let desk: Desk;

beforeAll(async () => {
  desk = await Desk.open('Scanner');
});
afterAll(() => desk.close());
beforeEach(() => desk.page.keyboard.press('Escape').then(() => desk.page.keyboard.press('Escape')));

test('a scanner alone: badge, label, both copies, and the laptop is handed over', async () => {
  const { pupil, laptop } = cases.ready[0]!;
  await desk.scans(pupil.badge);
  await desk.says('Présentez l’étiquette de l’ordinateur');
  await desk.scans(laptop.label);
  await desk.says('Présentez la charte signée');
  await desk.scans(pupil.charter[0]!);
  await desk.says('Présentez le second exemplaire');
  await desk.scans(pupil.charter[1]!);
  await desk.says('Remis');
  expect(await desk.outcome()).toContain(pupil.name);
  await desk.page.getByRole('listitem').filter({ hasText: laptop.serial }).waitFor();
  // The film of the demo shows the same pupil.
  await desk.undoes('Mauvais élève');
});

test('a scanner that thinks in AZERTY reads the same', async () => {
  const { pupil, laptop } = cases.ready[1]!;
  await desk.scans(pupil.badge, 'fr');
  await desk.page.getByText(pupil.name).first().waitFor();
  await desk.scans(laptop.label, 'fr');
  await desk.page.getByText(laptop.serial).first().waitFor();
  await desk.page.keyboard.press('Space');
  await desk.says('Remis');
});

test('a scanner types into the search field by the way, with any terminator or none', async () => {
  const { pupil, laptop } = cases.ready[5]!;
  const { page } = desk;
  await page.getByRole('combobox', { name: 'Chercher' }).click();
  await desk.types(pupil.badge, 'Enter');
  await desk.says('Présentez l’étiquette de l’ordinateur');
  expect(await page.getByRole('combobox', { name: 'Chercher' }).inputValue()).toBe('');
  await desk.types(laptop.serial);
  await desk.says('Présentez la charte signée');
  await desk.types(pupil.charter[0]!, 'Tab');
  await desk.says('Présentez le second exemplaire');
  await page.getByRole('button', { name: 'Effacer' }).click();
  await desk.says('Présentez le badge');
});

test('a charter on file needs no third code', async () => {
  const { pupil, laptop } = cases.charter_on_file[0]!;
  await desk.scans(laptop.label);
  await desk.says('Présentez le badge de l’élève');
  await desk.scans(pupil.badge);
  await desk.says('Remis');
});

test('keyboard only: the search finds a pupil and a laptop, a space confirms', async () => {
  const { pupil, laptop } = cases.ready[2]!;
  const { page } = desk;
  await page.keyboard.press('/');
  await page.keyboard.type(pupil.name.split(' ').at(-1)!.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase(), { delay: 80 });
  await page.getByRole('option', { name: pupil.name }).waitFor();
  while (!(await page.getByRole('option', { name: pupil.name, selected: true }).count())) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await desk.says('Présentez l’étiquette de l’ordinateur');
  await page.keyboard.press('/');
  await page.keyboard.type(laptop.serial.toLowerCase(), { delay: 80 });
  await page.getByRole('option', { name: laptop.serial }).waitFor();
  await page.keyboard.press('Enter');
  await desk.says('Présentez la charte signée');
  await page.keyboard.press('Space');
  await desk.says('Remis');
});

describe('refusals say what was found and what to do', () => {
  test('somebody else has the laptop', async () => {
    await desk.scans(cases.ready[3]!.pupil.badge);
    await desk.says('Présentez l’étiquette de l’ordinateur');
    await desk.scans(cases.equipped[0]!.laptop.label);
    await desk.says('Remis à quelqu\'un d\'autre');
    const told = await desk.outcome();
    expect(told).toContain(cases.equipped[0]!.pupil.name);
    expect(told).toContain('Prenez un autre ordinateur');
    // The right laptop is shown next, for the same pupil.
    await desk.scans(cases.ready[3]!.laptop.label);
    await desk.says('Présentez la charte signée');
  });

  test('the same person already has it', async () => {
    await desk.scans(cases.equipped[1]!.pupil.badge);
    await desk.says('Présentez l’étiquette de l’ordinateur');
    await desk.scans(cases.equipped[1]!.laptop.label);
    await desk.says('Déjà remis');
  });

  test('the pupil has another laptop', async () => {
    await desk.scans(cases.equipped[2]!.pupil.badge);
    await desk.says('Présentez l’étiquette de l’ordinateur');
    await desk.scans(cases.ready[4]!.laptop.label);
    await desk.says('Élève déjà équipé');
  });

  test('no entitlement, nor any asking for a charter', async () => {
    await desk.scans(cases.not_entitled[0]!.badge!);
    await desk.says('Présentez l’étiquette de l’ordinateur');
    await desk.scans(cases.ready[4]!.laptop.label);
    await desk.says('Pas de dotation');
  });

  test('the pupil has left', async () => {
    await desk.scans(cases.left[0]!.badge!);
    await desk.says('Présentez l’étiquette de l’ordinateur');
    await desk.scans(cases.ready[4]!.laptop.label);
    await desk.says('Élève sorti');
  });

  test('a laptop in repair', async () => {
    await desk.scans(cases.ready[4]!.pupil.badge);
    await desk.says('Présentez l’étiquette de l’ordinateur');
    await desk.scans(cases.in_repair[0]!.label);
    await desk.says('Ordinateur indisponible');
  });

  test('somebody else’s charter', async () => {
    await desk.scans(cases.ready[4]!.pupil.badge);
    await desk.says('Présentez l’étiquette de l’ordinateur');
    await desk.scans(cases.ready[5]!.pupil.charter[0]!);
    await desk.says('Charte d’un autre élève');
  });

  test('a code nobody knows, and a part number', async () => {
    await desk.scans('INCONNU4711');
    await desk.says('Code inconnu');
    await desk.scans(cases.ready[4]!.laptop.mac.replaceAll(':', ''));
    await desk.says('Ce n’est pas le bon code');
  });
});

test('the same scan again changes nothing', async () => {
  const { pupil, laptop } = cases.charter_on_file[1]!;
  await desk.scans(pupil.badge);
  await desk.says('Présentez l’étiquette de l’ordinateur');
  await desk.scans(laptop.label);
  await desk.says('Remis');
  await desk.scans(laptop.label);
  await desk.says('Déjà fait');
  expect(await desk.page.getByRole('listitem').filter({ hasText: laptop.serial }).count()).toBe(1);
});

test('a wrong hand-over is undone with a reason, and the laptop can go to the right pupil', async () => {
  const wrong = cases.charter_on_file[2]!;
  const right = cases.charter_on_file[3]!;
  const { page } = desk;
  await desk.scans(wrong.pupil.badge);
  await desk.says('Présentez l’étiquette de l’ordinateur');
  await desk.scans(wrong.laptop.label);
  await desk.says('Remis');
  await desk.undoes('Mauvais élève');
  await page.getByRole('listitem').filter({ hasText: wrong.laptop.serial }).getByText('annulée').waitFor();
  await desk.scans(right.pupil.badge);
  await desk.says('Présentez l’étiquette de l’ordinateur');
  await desk.scans(wrong.laptop.label);
  await desk.says('Remis');
  expect(await desk.outcome()).toContain(right.pupil.name);
});

test('a card nobody knew becomes a badge by one scan', async () => {
  const pupil = cases.without_badge[0]!;
  const { page } = desk;
  await page.keyboard.press('/');
  await page.keyboard.type(pupil.name, { delay: 60 });
  await page.getByRole('option', { name: pupil.name }).first().waitFor();
  await page.keyboard.press('Enter');
  await desk.says('Présentez l’étiquette de l’ordinateur');
  await desk.scans('CANTINE90817');
  await page.getByRole('button', { name: `C’est le badge de ${pupil.name}` }).click();
  await desk.says('Badge appris');
  await page.keyboard.press('Escape');
  await desk.scans('CANTINE90817');
  await desk.says('Présentez l’étiquette de l’ordinateur');
  // The wrong card of two: it is taken back by one touch, and nobody's again.
  await desk.scans('CANTINE90818');
  await page.getByRole('button', { name: `C’est le badge de ${pupil.name}` }).click();
  await desk.says('Badge appris');
  await page.getByRole('button', { name: 'Oublier ce badge' }).click();
  await desk.says('Badge oublié');
  await page.keyboard.press('Escape');
  await desk.scans('CANTINE90818');
  await desk.says('Code inconnu');
});

test('the network goes and comes back: the hand-over is sent again and made once', async () => {
  const { pupil, laptop } = cases.charter_on_file[4]!;
  await desk.scans(pupil.badge);
  await desk.says('Présentez l’étiquette de l’ordinateur');
  await desk.page.route('**/api/hand-overs', async (route) => {
    // The service hears it, the answer is lost.
    await route.fetch();
    await route.abort();
  }, { times: 1 });
  await desk.scans(laptop.label);
  await desk.says('Remis');
  expect(await desk.page.getByRole('listitem').filter({ hasText: laptop.serial }).count()).toBe(1);
});

test('each outcome has a tone of its own', async () => {
  const heard = await Desk.open('Tons', {
    before: () => {
      const notes: number[] = [];
      Object.assign(window, { notes });
      const original = OscillatorNode.prototype.start;
      OscillatorNode.prototype.start = function start(when?: number) {
        notes.push(this.frequency.value);
        original.call(this, when);
      };
    },
  });
  const notes = () => heard.page.evaluate(() => (window as unknown as { notes: number[] }).notes.splice(0));
  const { pupil, laptop } = cases.charter_on_file[5]!;
  await heard.scans(pupil.badge);
  await heard.says('Présentez l’étiquette de l’ordinateur');
  await heard.scans(laptop.label);
  await heard.says('Remis');
  const done = await notes();
  await heard.scans(pupil.badge);
  await heard.says('Déjà fait');
  const already = await notes();
  await heard.scans('INCONNU4712');
  await heard.says('Code inconnu');
  const unknown = await notes();
  await heard.scans(cases.equipped[3]!.pupil.badge);
  await heard.says('Présentez l’étiquette de l’ordinateur');
  await heard.scans(cases.ready[4]!.laptop.label);
  await heard.says('Élève déjà équipé');
  const refused = await notes();
  expect(done[1]!).toBeGreaterThan(done[0]!);
  expect(already).toHaveLength(1);
  expect(refused[1]!).toBeLessThan(refused[0]!);
  expect(unknown).toHaveLength(1);
  expect(new Set([done, already, refused, unknown].map(String)).size).toBe(4);
  await heard.close();
});

test('a manager hands over without the charter, with a reason', async () => {
  const office = await Desk.open('Référent', { role: 'referent' });
  const { pupil, laptop } = cases.ready[11]!;
  await office.scans(pupil.badge);
  await office.says('Présentez l’étiquette de l’ordinateur');
  await office.scans(laptop.label);
  await office.says('Présentez la charte signée');
  await office.page.getByRole('button', { name: 'Passer outre' }).click();
  const dialog = office.page.getByRole('dialog');
  await dialog.getByLabel('Motif').fill('Charte promise pour lundi');
  await dialog.getByRole('button', { name: 'Remettre quand même' }).click();
  await office.says('Remis');
  await office.close();
});

test('a charter found after all closes the question for a reason and counts', async () => {
  const office = await Desk.open('Référent 2', { role: 'referent' });
  const { pupil, laptop } = cases.ready[6]!;
  await office.scans(pupil.badge);
  await office.says('Présentez l’étiquette de l’ordinateur');
  await office.scans(laptop.label);
  await office.says('Présentez la charte signée');
  await office.page.getByRole('button', { name: 'Passer outre' }).click();
  await office.page.getByRole('dialog').getByLabel('Motif').focus();
  await office.types(pupil.charter[0]!, 'Enter');
  await office.says('Présentez le second exemplaire');
  expect(await office.page.getByRole('dialog').count()).toBe(0);
  await office.types(pupil.charter[1]!, 'Enter');
  await office.says('Remis');
  await office.undoes('Mauvais élève');
  await office.close();
});

test('after a click the space bar still confirms the charter, and what was unticked stays so', async () => {
  const { pupil, laptop } = cases.ready[4]!;
  const { page } = desk;
  await desk.scans(pupil.badge);
  await desk.says('Présentez l’étiquette de l’ordinateur');
  await desk.scans(laptop.label);
  await desk.says('Présentez la charte signée');
  await page.getByRole('checkbox', { name: 'Housse' }).click();
  await page.keyboard.press('Space');
  await desk.says('Remis');
  expect(await page.getByRole('checkbox', { name: 'Housse' }).isChecked()).toBe(false);
  await desk.undoes('Mauvais élève');
});

test('a misspelt desk gets another name', async () => {
  const other = await Desk.open('Acueil');
  await other.page.getByRole('button', { name: /Acueil/ }).click();
  await other.page.getByLabel('Nom du poste').fill('Accueil gauche');
  await other.page.getByRole('button', { name: 'Commencer' }).click();
  await other.page.getByRole('button', { name: /Accueil gauche/ }).waitFor();
  await other.close();
});

test('a session that has ended leads back to the log-in', async () => {
  const other = await Desk.open('Fin de session');
  await other.context.clearCookies();
  await other.scans(cases.ready[4]!.pupil.badge);
  await other.page.getByRole('heading', { name: 'Connexion' }).waitFor();
  await other.close();
});
