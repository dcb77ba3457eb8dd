// Papers as they leave the printer: Chromium makes the PDF, poppler the picture, our own reader reads it.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { Desk } from './desk';

const PROGRAM = resolve(process.env['REMISE_BIN'] ?? '../target/debug/remise');
/** Millimetres, and what a printer's driver may round. */
const SIZES: Record<string, [number, number]> = { A4: [210, 297], A6: [105, 148], R57: [57, 32] };
const POINTS_PER_MM = 72 / 25.4;
const cases = inject('cases');

let folder: string;
let desk: Desk;
const made: Record<string, string> = {};

interface Act { act: { act_id: string } }
interface Out { loan_id: string; student_id: string; serial: string }

async function ask<T>(method: 'get' | 'post' | 'put', path: string, data?: object): Promise<T> {
  const answer = await desk.context.request[method](new URL(path, inject('address')).href, data ? { data } : {});
  expect([path, answer.status(), answer.ok() ? '' : await answer.text()]).toEqual([path, answer.status(), '']);
  return (await answer.json()) as T;
}

const posts = <T>(path: string, data: object) => ask<T>('post', path, { request_id: crypto.randomUUID(), ...data });

async function device(serial: string): Promise<string> {
  const found = await ask<{ devices: { id: string }[] }>('post', '/api/devices/search', { query: serial });
  return found.devices[0]!.id;
}

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** Acts of every kind in the demo school, by the doors a desk uses. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'remise-prints-'));
  desk = await Desk.open('Papiers', { role: 'referent' });
  const out = await ask<Out[]>('get', `/api/loans/out?class=${cases.equipped[0]!.pupil.class}`);
  // The first pupils and spares are those of the other tests.
  const own = cases.equipped.slice(12).map((pair) => pair.laptop.serial);
  const [swapped, returned, lent, first, second, strayed] = out.filter((one) => own.includes(one.serial));
  const [spare, other] = cases.reserve.slice(12);
  const act = ({ act }: Act) => `/print/acts/${act.act_id}`;
  made['swap'] = act(await posts<Act>('/api/incidents', {
    loan_id: swapped!.loan_id, incident: 'breakdown', symptoms: ['battery', 'no_start'], description: 'Ne s’allume plus depuis lundi',
    spare: { device_id: await device(spare!.serial), until: inDays(21) },
  }));
  made['return'] = act(await posts<Act>('/api/returns', { loan_id: returned!.loan_id, damaged: ['screen'], missing: ['Housse'], note: 'Rayure au dos' }));
  made['loan'] = act(await posts<Act>('/api/loans', {
    student_id: lent!.student_id, device_id: await device(other!.serial), until: inDays(3), purpose: 'forgotten',
  }));
  made['hand-over'] = `/print/hand-overs/${lent!.loan_id}`;
  const ceded = await posts<Act>('/api/transfers', { loan_ids: [first!.loan_id, second!.loan_id] });
  made['transfers'] = `/print/transfers?act=${ceded.act.act_id}`;
  const [delivery] = await ask<{ id: string; note_number: string }[]>('get', '/api/deliveries');
  await posts(`/api/deliveries/${delivery!.id}/scans`, { code: '5CD7ZZ9X4K' });
  made['differences'] = `/print/deliveries/${delivery!.id}/differences`;
  const { repair_batches } = await ask<{ repair_batches: { id: string }[] }>('get', '/api/papers');
  made['slip'] = `/print/repair-batches/${repair_batches[0]!.id}`;
  made['stock-take'] = await stockTake(strayed!);
  made['labels'] = '/print/labels?sheet=L7160&skip=4';
  made['roll'] = '/print/labels?sheet=R57';
  made['badges'] = `/print/badges?sheet=C32016&class=${cases.equipped[0]!.pupil.class}`;
});

/** Seen where it is believed, with its pupil (`strayed`), with the contractor, and on no list; all others are missing. */
const seen = { found: cases.reserve[15]!.serial, strayed: '', repaired: cases.in_repair[1]!.serial, unknown: '5CD699ST77' };
const missed = cases.reserve[16]!.serial;

async function stockTake(strayed: Out): Promise<string> {
  seen.strayed = strayed.serial;
  const { id } = await posts<{ id: string }>('/api/stock-takes', { name: 'Toussaint, salle B204' });
  for (const code of Object.values(seen)) await posts(`/api/stock-takes/${id}/scans`, { code, room: 'B204' });
  await posts(`/api/stock-takes/${id}/close`, { corrections: [await device(strayed.serial)] });
  return `/print/stock-takes/${id}`;
}

afterAll(async () => {
  await desk.close();
  if (!process.env['KEEP_PRINTS']) rmSync(folder, { recursive: true, force: true });
  else console.log(folder);
});

/** Prints a page (the first two sheets at most) and answers what it names and what was read of it. */
async function printed(name: string, pages?: string) {
  const page = await desk.context.newPage();
  await page.goto(new URL(made[name]!, inject('address')).href);
  const sections = page.locator(pages ? `section:nth-of-type(${pages})` : 'body');
  const named = await sections.locator('g[data-code]').evaluateAll((all) => all.map((one) => one.getAttribute('data-code')!));
  const file = join(folder, `${name}.pdf`);
  writeFileSync(file, await page.pdf({ preferCSSPageSize: true, printBackground: true, ...(pages ? { pageRanges: pages } : {}) }));
  await page.close();
  const told = execFileSync('pdfinfo', [file], { encoding: 'utf8' });
  execFileSync('pdftoppm', ['-r', '200', '-gray', '-png', file, join(folder, name)]);
  const pictures = readdirSync(folder).filter((picture) => picture.startsWith(`${name}-`) && picture.endsWith('.png'));
  const read = pictures.flatMap((picture) => readPicture(join(folder, picture)));
  const text = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
  return { named, read, text, pages: Number(/Pages:\s+(\d+)/.exec(told)![1]), size: /Page size:\s+([\d.]+) x ([\d.]+)/.exec(told)!.slice(1).map(Number) };
}

/** A page without any code reads as none: the program then says so by its exit code, beside the same JSON. */
function readPicture(file: string): string[] {
  const { stdout } = spawnSync(PROGRAM, ['scan', file, '--json'], { encoding: 'utf8' });
  const told = JSON.parse(stdout) as { readings: { text: string }[] }[];
  return told.flatMap((one) => one.readings.map((code) => code.text));
}

function expectSize(size: number[], paper: string): void {
  const [width, height] = SIZES[paper]!;
  expect(Math.abs(size[0]! / POINTS_PER_MM - width), paper).toBeLessThan(0.5);
  expect(Math.abs(size[1]! / POINTS_PER_MM - height), paper).toBeLessThan(0.5);
}

test.each([
  ['hand-over', 'A6', 1], ['swap', 'A6', 1], ['return', 'A6', 1], ['loan', 'A6', 1], ['transfers', 'A4', 2], ['differences', 'A4', 0], ['slip', 'A4', 1],
] as const)('%s on %s: every code of the paper reads back', async (name, paper, pages) => {
  const paperOut = await printed(name);
  expectSize(paperOut.size, paper);
  // A list goes on over as many pages as it needs.
  if (pages > 0) expect(paperOut.pages).toBe(pages);
  expect(paperOut.named.length).toBeGreaterThan(0);
  expect([...new Set(paperOut.read)].sort()).toEqual([...new Set(paperOut.named)].sort());
});

test('a stock-take on A4 says what was found, missed and seen out of place, and what of it was put right', async () => {
  const { text, size, named, read, pages } = await printed('stock-take');
  expectSize(size, 'A4');
  expect(pages).toBeGreaterThan(1);
  const headings = ['Attendus, non vus (', 'Vus, attendus ailleurs (2)', "Vus, inconnus de l'établissement (1)", 'Par salle'];
  const [head, missing, elsewhere, unknown, rooms] = text.split(new RegExp(headings.map((one) => one.replace(/[()]/g, '\\$&')).join('|')));
  expect(rooms, text).toBeDefined();
  expect(head).toMatch(/Attendus et vus +1\n/);
  expect(head).toMatch(/Codes lus +4\n/);
  expect(missing).toMatch(new RegExp(`${missed} .*réserve.*aucune`));
  expect(missing).not.toContain(seen.found);
  expect(elsewhere).toContain(seen.strayed);
  expect(elsewhere).toContain(seen.repaired);
  expect(elsewhere).toMatch(/faite :/);
  expect(unknown).toContain(seen.unknown);
  expect(rooms).toMatch(/B204 +4\n/);
  // What was put aside is scanned from the paper.
  expect([...new Set(named)].sort()).toEqual([seen.strayed, seen.repaired, seen.unknown].sort());
  expect([...new Set(read)].sort()).toEqual([...new Set(named)].sort());
});

test.each([['labels', 'A4', '1'], ['roll', 'R57', '3'], ['badges', 'A4', '1']] as const)('%s on %s read back', async (name, paper, pages) => {
  const paperOut = await printed(name, pages);
  expectSize(paperOut.size, paper);
  expect(paperOut.pages).toBe(1);
  expect([...new Set(paperOut.read)].sort()).toEqual([...new Set(paperOut.named)].sort());
});

test('receipts go on A4 with the school’s own words when it says so, and the screen shows them first', async () => {
  const { page } = desk;
  await desk.goes('Impressions');
  await page.getByRole('heading', { name: 'En-tête, logo et formats' }).waitFor();
  await page.getByLabel('Sous le nom du lycée').fill('1, rue des Tilleuls\n57000 Metz');
  await page.getByLabel('Texte des reçus').fill('En cas de panne, rapportez l’ordinateur au bureau B12.');
  const preview = page.frameLocator('iframe[name=paper-preview]');
  await preview.getByText('rapportez l’ordinateur au bureau B12').waitFor();
  await preview.getByText('Spécimen').waitFor();
  await page.getByLabel('Format des reçus').selectOption('A4');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText('Réglages enregistrés.').waitFor();
  const onA4 = await printed('hand-over');
  expectSize(onA4.size, 'A4');
  expect(onA4.pages).toBe(1);
  expect([...new Set(onA4.read)].sort()).toEqual([...new Set(onA4.named)].sort());
  await page.getByLabel('Format des reçus').selectOption('A6');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText('Réglages enregistrés.').waitFor();
  // The fullest receipt still has room for them on one A6.
  const onA6 = await printed('return');
  expectSize(onA6.size, 'A6');
  expect(onA6.pages).toBe(1);
});

test('the office finds a receipt by its code, and every paper from its lists', async () => {
  const { page } = desk;
  const reader = await desk.context.newPage();
  await reader.goto(new URL(made['return']!, inject('address')).href);
  const code = (await reader.locator('g[data-code^="RM"]').first().getAttribute('data-code'))!;
  await reader.close();
  await page.getByLabel('Code du reçu').fill(code.toLowerCase());
  await page.getByRole('button', { name: 'Chercher' }).click();
  expect(await page.getByRole('link', { name: `Ouvrir ${code}` }).getAttribute('href')).toBe(made['return']);
  await page.getByLabel('Code du reçu').fill('RM0000000000');
  await page.getByRole('button', { name: 'Chercher' }).click();
  await page.locator('.notice.unknown').waitFor();
  expect(await page.getByRole('link', { name: 'Ouvrir le document : Bon de SAV' }).getAttribute('href')).toBe(made['slip']);
  await page.locator('section').filter({ has: page.getByRole('heading', { name: 'Étiquettes des ordinateurs' }) }).getByLabel('Papier').selectOption('L7160');
  await page.getByLabel('Étiquettes déjà utilisées').fill('4');
  expect(await page.getByRole('link', { name: 'Ouvrir la planche : Étiquettes des ordinateurs' }).getAttribute('href')).toBe(made['labels']);
});
