// Measures, never asserts a time: a frame read in Chromium by the page's module, beside the same reader natively.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, inject, test } from 'vitest';
import { Sheets, canvasCamera, holdUp } from './camera';
import { Desk } from './desk';
import { readByPage } from './own-reader';

const MOST = 60;
const TIMES = 3;

/** Milliseconds that the reader takes natively, by file: the bench of the scanning crate on the same pictures. */
function natively(folder: string, files: string[]): Map<string, number> {
  const work = mkdtempSync(join(tmpdir(), 'remise-measure-'));
  const frames = join(work, 'frames');
  mkdirSync(frames);
  files.forEach((file, at) => writeFileSync(join(frames, `${at}.jpg`), readFileSync(join(folder, file))));
  writeFileSync(join(frames, 'truth.json'), JSON.stringify({ frames: files.map((_, at) => ({ file: `${at}.jpg`, level: '', codes: [] })) }));
  const out = join(work, 'out');
  execFileSync('cargo', ['bench', '--quiet', '-p', 'remise-scanning', '--bench', 'frames', '--', frames, out, 'none'], {
    cwd: resolve('..'),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const lines = readFileSync(join(out, 'fast.jsonl'), 'utf8').trim().split('\n');
  const answers = lines.map((line) => JSON.parse(line) as { file: string; ms: number });
  rmSync(work, { recursive: true });
  return new Map(answers.map(({ file, ms }) => [files[Number.parseInt(file)]!, ms]));
}

const median = (of: number[]) => of.toSorted((a, b) => a - b)[Math.floor(of.length / 2)] ?? Number.NaN;

test('a frame by the page’s module and natively', async () => {
  const folder = process.env['FRAMES'] ?? inject('frames');
  const all = readdirSync(folder, { recursive: true }).map(String).filter((name) => name.endsWith('.jpg')).toSorted();
  const step = Math.max(1, Math.floor(all.length / MOST));
  const files = all.filter((_, at) => at % step === 0).slice(0, MOST);
  const jpegs = files.map((file) => readFileSync(join(folder, file)).toString('base64'));
  const native = natively(folder, files);
  const desk = await Desk.open('Mesure de lecture');
  for (const simd of [true, false]) {
    const page = await desk.page.evaluate(readByPage, { jpegs, simd, effort: 0, times: TIMES, service: false });
    const [own, theirs] = [median(page.map(({ ms }) => ms)), median([...native.values()])];
    const ratios = page.map(({ ms }, at) => ms / native.get(files[at]!)!);
    process.stdout.write(
      `a frame in Chromium, ${simd ? 'SIMD' : 'plain'}, ${files.length} frames: median ${own.toFixed(1)} ms, natively ${theirs.toFixed(1)} ms, ` +
        `median of ratios ${median(ratios).toFixed(2)} (limit 2.5)\n`,
    );
    expect(page).toHaveLength(files.length);
  }
  await desk.close();
}, 600_000);

/** Frames that the page paints, and that the video shows, while it reads: of `seconds`, per second. */
function shown(seconds: number): Promise<{ painted: number; video: number }> {
  const video = document.querySelector('video')!;
  const from = { at: performance.now(), video: video.getVideoPlaybackQuality().totalVideoFrames };
  let painted = 0;
  return new Promise((resolve) => {
    const paint = () => {
      painted += 1;
      const took = (performance.now() - from.at) / 1000;
      if (took < seconds) return void requestAnimationFrame(paint);
      resolve({ painted: painted / took, video: (video.getVideoPlaybackQuality().totalVideoFrames - from.video) / took });
    };
    requestAnimationFrame(paint);
  });
}

test.each(['page', 'service'] as const)('frames on screen while reading by the %s', async (reading) => {
  const sheets = await Sheets.open();
  const desk = await Desk.open(`Cadence ${reading}`, { before: canvasCamera, reading });
  await holdUp(desk.page, [await sheets.label(inject('cases').equipped[0]!.laptop.serial)]);
  await desk.page.locator('video + svg polygon').first().waitFor();
  const { painted, video } = await desk.page.evaluate(shown, 5);
  process.stdout.write(`while read by the ${reading}: ${painted.toFixed(1)} frames painted and ${video.toFixed(1)} of the video shown a second (wanted 25)\n`);
  expect(painted).toBeGreaterThan(0);
  await sheets.close();
  await desk.close();
}, 60_000);
