// On a desk and on a tablet held upright: nothing beyond the side, nothing too small for a finger, and the next step in view.
import { describe, expect, inject, test } from 'vitest';
import { Desk } from './desk';
import { choose, deliveryNote, table } from './files-given';

const cases = inject('cases');
const SMALLEST = 44;

/** What lies beyond the side of the window, and what a finger misses. Links inside a sentence are as high as it. */
function faults(smallest: number): string[] {
  const root = document.documentElement;
  const wide = root.scrollWidth > root.clientWidth ? [`${root.scrollWidth} pixels wide`] : [];
  const targets = [...document.querySelectorAll<HTMLElement>('button, a, select, input, textarea, label:has(input)')];
  const small = targets.filter((one) => {
    if (one.closest('.visually-hidden, .skip, [hidden], p.small')) return false;
    // A box is as large as the label around it.
    if (one instanceof HTMLInputElement && one.closest('label')) return false;
    const { width, height } = one.getBoundingClientRect();
    return width > 0 && (height < smallest - 0.5 || width < smallest - 0.5);
  });
  const named = (one: HTMLElement) => `${one.tagName} ${Math.round(one.offsetWidth)}×${Math.round(one.offsetHeight)} ${one.innerText.trim()}`;
  return [...wide, ...small.map(named)];
}

describe.each([[800, 1280, true], [1280, 800, false]])('%i × %i', (width, height, dark) => {
  test('the modes of the desk', async () => {
    const desk = await Desk.open(`Écran ${width}`, { role: 'referent', width, height, dark });
    const { page } = desk;
    const looks = async (where: string) => {
      expect([where, await page.evaluate(faults, SMALLEST)]).toEqual([where, []]);
      const next = (await page.locator('section[aria-live]').boundingBox())!;
      expect(next.y + next.height, where).toBeLessThanOrEqual(height);
    };
    await looks('Remise');
    await page.keyboard.press('F3');
    await desk.scans(cases.equipped[5]!.pupil.badge);
    await desk.says('Que s’est-il passé');
    await page.keyboard.press('1');
    await desk.says('Présentez l’ordinateur de réserve');
    await looks('Échange');
    await page.keyboard.press('F4');
    for (const view of ['Une classe', 'Cession']) {
      await page.getByRole('button', { name: view }).click();
      await page.getByRole('combobox', { name: 'Classe' }).selectOption(cases.equipped[5]!.pupil.class!);
      await page.getByText(cases.equipped[5]!.pupil.name).first().waitFor();
      await looks(view);
    }
    await page.keyboard.press('F5');
    await page.getByRole('combobox', { name: 'Livraison' }).waitFor();
    await looks('Réception');
    await page.keyboard.press('F6');
    await page.locator('section[aria-live] strong').waitFor();
    await looks('Inventaire');
    await page.keyboard.press('F7');
    await desk.says('Présentez une charte signée');
    await looks('Chartes');
    await desk.goes('SAV');
    await page.getByRole('group', { name: 'En attente' }).waitFor();
    await looks('SAV');
    await desk.close();
  });

  test('the screens of the office', async () => {
    const desk = await Desk.open(`Bureau ${width}`, { role: 'referent', width, height, dark });
    const { page } = desk;
    for (const [name, heading] of [
      ['Réserve', 'Niveau'], ['Préparer', 'Comptes invités'], ['Fiches', 'Fiches'], ['Fichiers', 'Derniers fichiers'], ['Registre', 'Aperçu'],
      ['Impressions', 'Retrouver un reçu'],
    ] as const) {
      await desk.goes(name);
      await page.getByRole('heading', { name: heading, exact: true }).waitFor();
      await page.getByText('Chargement…').first().waitFor({ state: 'hidden' });
      expect([name, await page.evaluate(faults, SMALLEST)]).toEqual([name, []]);
    }
    await desk.close();
  });

  test('files with their reports, a table to describe, the state of the data, who is entitled', async () => {
    const desk = await Desk.open(`Données ${width}`, { role: 'referent', width, height, dark });
    const { page } = desk;
    const looks = async (where: string) => expect([where, await page.evaluate(faults, SMALLEST)]).toEqual([where, []]);
    await desk.goes('Fichiers');
    await choose(
      desk, deliveryNote('2026-85', ['5CD699BN11'], ['0570001A']), table('vie scolaire.csv', [['Individu', 'Appelé', 'Salle de cours'], ['GRÂCEVERTE', 'Zoé', '2GT1'], ['MARNEVAL', 'Lou', '2GT2']]),
    );
    await page.getByRole('button', { name: 'Appliquer 1 changement' }).waitFor();
    await page.getByRole('button', { name: 'Voir vie scolaire.csv' }).waitFor();
    await looks('Rapport');
    await page.getByRole('button', { name: 'Voir vie scolaire.csv' }).click();
    await page.getByLabel('C’est une liste de').selectOption('mapped_students');
    await page.getByRole('combobox', { name: /^Leur colonne : Nom/ }).first().waitFor();
    await looks('Colonnes');
    await desk.goes('Données');
    await page.locator('summary').first().click();
    await page.getByRole('region', { name: /Élèves et classes concernés$/ }).first().waitFor();
    await looks('Données');
    await page.getByRole('button', { name: 'Ayants droit' }).click();
    await page.getByRole('checkbox', { name: 'Ayant droit : 200' }).uncheck();
    await page.getByRole('region', { name: 'Ce que cela changerait' }).getByRole('row').nth(1).waitFor();
    await looks('Ayants droit');
    await desk.close();
  });
});
