// The page's screens: address, name, key, and who may open each. A new screen is one line here and one in App.svelte.
import { w } from '../words';

export type Screen =
  | 'desk' | 'swap' | 'return' | 'reception' | 'stocktake'
  | 'reserve' | 'repairs'
  | 'charters' | 'prepare' | 'board'
  | 'files' | 'imports' | 'data' | 'register' | 'prints';

/** What decides who sees a screen. */
export interface Rights {
  worksAtDesk: boolean;
  manages: boolean;
  readsRegister: boolean;
}

export interface ScreenRow {
  screen: Screen;
  path: string;
  word: string;
  /** A function key, for the modes of the desk. */
  key?: string;
  /** Modes of the desk want a named station and stand in the first row; the office stands in a menu. */
  group: 'desk' | 'office';
  may: keyof Rights;
}

export const SCREENS: readonly ScreenRow[] = [
  { screen: 'desk', path: '/', word: w.modeHandOver, key: 'F2', group: 'desk', may: 'worksAtDesk' },
  { screen: 'swap', path: '/echange', word: w.modeSwap, key: 'F3', group: 'desk', may: 'worksAtDesk' },
  { screen: 'return', path: '/retour', word: w.modeReturn, key: 'F4', group: 'desk', may: 'worksAtDesk' },
  { screen: 'reception', path: '/reception', word: w.modeReception, key: 'F5', group: 'desk', may: 'worksAtDesk' },
  { screen: 'stocktake', path: '/inventaire', word: w.modeStockTake, key: 'F6', group: 'desk', may: 'worksAtDesk' },
  { screen: 'charters', path: '/chartes', word: w.modeCharters, key: 'F7', group: 'desk', may: 'worksAtDesk' },
  { screen: 'reserve', path: '/reserve', word: w.modeReserve, group: 'office', may: 'worksAtDesk' },
  { screen: 'repairs', path: '/sav', word: w.modeRepairs, group: 'office', may: 'worksAtDesk' },
  { screen: 'prepare', path: '/preparer', word: w.modePrepare, group: 'office', may: 'manages' },
  { screen: 'board', path: '/tableau', word: w.modeBoard, group: 'office', may: 'worksAtDesk' },
  { screen: 'files', path: '/fiches', word: w.modeFiles, group: 'office', may: 'worksAtDesk' },
  { screen: 'imports', path: '/fichiers', word: w.modeImports, group: 'office', may: 'manages' },
  { screen: 'data', path: '/donnees', word: w.modeData, group: 'office', may: 'manages' },
  { screen: 'register', path: '/registre', word: w.modeRegister, group: 'office', may: 'readsRegister' },
  { screen: 'prints', path: '/impressions', word: w.modePrints, group: 'office', may: 'manages' },
];

/** The screens somebody may open. */
export function screensFor(rights: Rights): ScreenRow[] {
  return SCREENS.filter((row) => rights[row.may]);
}

export function rowOf(screen: Screen): ScreenRow | undefined {
  return SCREENS.find((row) => row.screen === screen);
}

/** The screen that opens when this one is asked for: the first somebody may open when it is not for them. */
export function allowed(screen: Screen, rights: Rights): Screen {
  const open = screensFor(rights);
  return open.find((row) => row.screen === screen)?.screen ?? open[0]?.screen ?? 'register';
}

export function screenAt(path: string): Screen {
  return SCREENS.find((row) => row.path === path)?.screen ?? 'desk';
}
