// What axe finds on the open screen against WCAG 2.2 AA.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

interface Violation {
  id: string;
  nodes: { target: string[] }[];
}

/** Rule and place of each violation. */
export async function violations({ page }: { page: Page }): Promise<string[]> {
  // The page's policy lets no foreign script in; the tool comes in by the debugger's door.
  await page.evaluate(AXE);
  const found = (await page.evaluate(
    (rules) => (window as unknown as { axe: { run(options: object): Promise<{ violations: Violation[] }> } }).axe.run({ runOnly: rules }),
    RULES,
  )) as { violations: Violation[] };
  return found.violations.flatMap((one) => one.nodes.map((node) => `${one.id} ${node.target.join(' ')}`));
}
