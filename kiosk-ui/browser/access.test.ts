import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { Desk } from './desk';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const cases = inject('cases');

interface Violation {
  id: string;
  nodes: { target: string[] }[];
}

/** What axe finds against WCAG 2.2 AA, as rule and place. */
async function violations(desk: Desk): Promise<string[]> {
  // The page's policy lets no foreign script in; the tool comes in by the debugger's door.
  await desk.page.evaluate(AXE);
  const found = (await desk.page.evaluate(
    (rules) => (window as unknown as { axe: { run(options: object): Promise<{ violations: Violation[] }> } }).axe.run({ runOnly: rules }),
    RULES,
  )) as { violations: Violation[] };
  return found.violations.flatMap((one) => one.nodes.map((node) => `${one.id} ${node.target.join(' ')}`));
}

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
    await desk.page.getByRole('button', { name: /Total|sur/ }).first().click();
    await desk.page.getByRole('dialog', { name: 'Avancement par classe' }).waitFor();
    expect(await violations(desk)).toEqual([]);
    await desk.page.keyboard.press('Escape');
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

  test.each([
    ['Réserve', 'Réserve'], ['Fichiers', 'Prendre en compte un fichier'], ['Registre', 'Registre des remises'], ['Impressions', 'Impressions'],
  ])('%s', async (mode, heading) => {
    await desk.goes(mode);
    await desk.page.getByRole('heading', { name: heading, level: 1 }).waitFor();
    await desk.page.waitForLoadState('networkidle');
    if (mode === 'Réserve') await desk.page.getByRole('heading', { name: 'Niveau' }).waitFor();
    expect(await violations(desk)).toEqual([]);
  });
});
