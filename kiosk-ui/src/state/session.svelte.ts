// Who is logged in at this browser, and which screen is open.
import { Refused, session as service } from '../api/client';
import type { Session } from '../api/types';
import { type Screen, rowOf, screenAt } from './screens';

const STATION = 'remise.station';

export class SessionState {
  /** `undefined` until the service has answered. */
  session = $state.raw<Session | null | undefined>(undefined);
  reachable = $state(true);
  /** The desk is being given another name. */
  renaming = $state(false);

  /** Asks who is logged in. A service that is silent for a while ends no session that is under way. */
  async load(): Promise<void> {
    try {
      this.session = await service.show();
      this.reachable = true;
      await this.#renameAsBefore();
    } catch (error) {
      if (error instanceof Refused && error.problem.status === 401) this.session = null;
      else if (this.session === undefined) {
        this.reachable = false;
        setTimeout(() => void this.load(), 2_000);
      }
    }
  }

  async logIn(establishment: string | null, operator: string, password: string): Promise<void> {
    this.session = await service.logIn(establishment, operator, password);
    await this.#renameAsBefore();
  }

  async logOut(): Promise<void> {
    await service.logOut();
    this.session = null;
  }

  async nameStation(name: string): Promise<void> {
    this.session = await service.nameStation(name);
    localStorage.setItem(STATION, name);
    this.renaming = false;
  }

  /** A browser keeps the name of its desk from one day to the next. */
  async #renameAsBefore(): Promise<void> {
    const name = localStorage.getItem(STATION);
    if (name && this.session?.establishment && !this.session.station) await this.nameStation(name);
  }

  /** Whether somebody decides on the emergency fund. */
  get heads(): boolean {
    return this.session?.operator.role === 'head';
  }

  /** Whether the role may import, print and override. */
  get manages(): boolean {
    return ['manager', 'head'].includes(this.session?.operator.role ?? '');
  }

  get readsRegister(): boolean {
    return ['manager', 'head', 'region'].includes(this.session?.operator.role ?? '');
  }

  get worksAtDesk(): boolean {
    return this.session?.establishment != null;
  }
}

/** What a page of its own is about; its id in the address is no personal datum. */
export interface Subject {
  kind: 'student' | 'device';
  id: string;
}

const SUBJECTS = { student: '/fiches/eleve/', device: '/fiches/ordinateur/' } as const;

export function pathOf({ kind, id }: Subject): string {
  return SUBJECTS[kind] + id;
}

const BROUGHT = { student: 'eleve', device: 'ordinateur' } as const;

/** The address of a mode of the desk to which somebody or something is brought, as if it had been scanned there. */
export function bringTo(screen: Screen, { kind, id }: Subject): string {
  return `${rowOf(screen)?.path ?? '/'}?${BROUGHT[kind]}=${id}`;
}

/** The open screen, kept in the address so that reload and back work. */
export class Router {
  screen = $state<Screen>(screenOf(location.pathname));
  /** The pupil or laptop whose page is open. */
  subject = $state.raw<Subject | null>(subjectOf(location.pathname));
  #brought = broughtBy(location.search);

  constructor() {
    addEventListener('popstate', () => this.#read());
  }

  go(screen: Screen): void {
    this.#open(rowOf(screen)?.path ?? '/');
  }

  /** Opens the page of a pupil or a laptop. */
  show(subject: Subject): void {
    this.#open(pathOf(subject));
  }

  /** Opens a mode of the desk with a pupil or a laptop before it. */
  bring(screen: Screen, subject: Subject): void {
    this.#open(bringTo(screen, subject));
  }

  /** Who or what was brought to the open mode: once, so that a reload finds an empty desk. */
  take(): Subject | null {
    const brought = this.#brought;
    this.#brought = null;
    if (brought) history.replaceState(null, '', location.pathname);
    return brought;
  }

  #open(path: string): void {
    if (location.pathname + location.search !== path) history.pushState(null, '', path);
    this.#read();
  }

  #read(): void {
    this.screen = screenOf(location.pathname);
    this.subject = subjectOf(location.pathname);
    this.#brought = broughtBy(location.search);
  }
}

const ID = /^[0-9a-f-]{36}$/;

function broughtBy(search: string): Subject | null {
  const query = new URLSearchParams(search);
  for (const kind of ['student', 'device'] as const) {
    const id = query.get(BROUGHT[kind]) ?? '';
    if (ID.test(id)) return { kind, id };
  }
  return null;
}

function subjectOf(path: string): Subject | null {
  for (const kind of ['student', 'device'] as const) {
    const id = path.startsWith(SUBJECTS[kind]) ? path.slice(SUBJECTS[kind].length) : '';
    if (ID.test(id)) return { kind, id };
  }
  return null;
}

function screenOf(path: string): Screen {
  return subjectOf(path) ? 'files' : screenAt(path);
}
