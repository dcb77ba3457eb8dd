// Measures, never asserts a time: from the frame that shows the last needed code to the loan on screen.
import type { Page } from 'playwright-core';
import { expect, inject, test } from 'vitest';
import { Sheets, canvasCamera, holdUp } from './camera';
import { Desk } from './desk';

/** Resolves with the page's clock when the hand-over is on screen and painted. */
function handedOver(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const line = document.querySelector('section[aria-live]')!;
        const look = new MutationObserver(() => {
          if (!line.classList.contains('done')) return;
          look.disconnect();
          requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
        });
        look.observe(line, { attributes: true, childList: true, subtree: true });
      }),
  );
}

test('last code to loan on screen', async () => {
  const sheets = await Sheets.open();
  const desk = await Desk.open('Mesure', { before: canvasCamera });
  const times: number[] = [];
  for (const { pupil, laptop } of inject('cases').charter_on_file) {
    const [label, badge] = [await sheets.label(laptop.serial), await sheets.badge(pupil.class!, pupil.badge)];
    await holdUp(desk.page, [label]);
    await desk.says('Présentez le badge de l’élève');
    const shown = handedOver(desk.page);
    const from = await holdUp(desk.page, [badge]);
    times.push((await shown) - from);
    await desk.page.keyboard.press('Escape');
    await holdUp(desk.page, []);
  }
  await sheets.close();
  await desk.close();
  times.sort((a, b) => a - b);
  const at = (share: number) => Math.round(times[Math.floor(share * (times.length - 1))] ?? Number.NaN);
  process.stdout.write(
    `last code to loan on screen, ${times.length} hand-overs: median ${at(0.5)} ms, min ${at(0)} ms, max ${at(1)} ms (limit 300 ms, ratio ${(at(0.5) / 300).toFixed(2)})\n`,
  );
  expect(times).toHaveLength(inject('cases').charter_on_file.length);
}, 180_000);
