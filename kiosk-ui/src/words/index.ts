// Every word of the page, a file per room, each with French and English beside it. What the service says comes as it is.
import { board } from './board';
import { camera } from './camera';
import { charters } from './charters';
import { data, entitlement } from './data';
import { desk } from './desk';
import { files } from './files';
import { house } from './house';
import { importReport } from './import-report';
import { imports } from './imports';
import { login } from './login';
import { mapping } from './mapping';
import { modes } from './modes';
import { prepare } from './prepare';
import { prints } from './prints';
import { progress } from './progress';
import { reception } from './reception';
import { register } from './register';
import { repair } from './repair';
import { reserve } from './reserve';
import { returns } from './returns';
import { stockTake } from './stock-take';
import { swap } from './swap';

export { amount, day, fromWallClock, moment, number, time, toWallClock, wallMoment } from './format';
export { changeLanguage, language } from './language';

/** Rooms whose words every screen may use by their name alone. */
const shared = { house, login, desk, camera, modes, progress, imports, register, files, prints, charters, prepare, board };

/** Rooms whose words stand under the name of the room. */
const apart = { swap, reception, returns, repair, stockTake, reserve, importReport, mapping, data, entitlement };

type Shared = typeof shared;
type Other<Room> = Exclude<keyof Shared, Room>;
type Elsewhere<Room> = { [O in Other<Room>]: keyof Shared[O] }[Other<Room>];
type Twice = { [R in keyof Shared]: keyof Shared[R] & (Elsewhere<R> | keyof typeof apart) }[keyof Shared];

// A name in two rooms would hide one of its words: it is named here, where nothing may be.
const once: Record<Twice, never> = {};

export const w = {
  ...house, ...login, ...desk, ...camera, ...modes, ...progress, ...imports, ...register, ...files, ...prints, ...charters,
  ...prepare, ...board, ...apart, ...once,
};
