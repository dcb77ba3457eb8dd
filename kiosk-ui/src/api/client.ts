// Talks to the service: one function for each thing the page asks.
import type {
  ClassProgress, DeskHead, Device, Establishment, HandOver, HandOverRequest, Problem, Resolution, SeenFrame, Session,
  Student,
} from './types';

/** The service said no: a problem with its sentence and what to do. */
export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.code);
  }
}

/** The service did not answer. */
export class Unreachable extends Error {}

/** Tells `ended` when the service says that nobody is logged in any more. */
export const loggedOut = new EventTarget();

/** A service on the same network answers well within this; a network that swallows packets never does. */
const ANSWER_MS = 10_000;
const LIVE_MS = 3_000;
/** A photo of a telephone over a slow network. */
const PHOTO_MS = 60_000;

let clockOffset = 0;

/** The service's clock, in ms: what it says of deadlines is judged by it, not by the desk's own. */
export function serviceNow(): number {
  return Date.now() + clockOffset;
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** Asks; an answer that does not come whole and in time is no answer. */
async function ask<T>(method: Method, path: string, body?: BodyInit, headers?: HeadersInit, withinMs = ANSWER_MS): Promise<T> {
  try {
    const signal = AbortSignal.timeout(withinMs);
    const response = await fetch(path, { method, body, headers, signal, credentials: 'same-origin' });
    const date = Date.parse(response.headers.get('date') ?? '');
    if (!Number.isNaN(date)) clockOffset = date - Date.now();
    await refuse(response, path);
    return (response.status === 204 ? undefined : await response.json()) as T;
  } catch (error) {
    throw error instanceof Refused ? error : new Unreachable(String(error));
  }
}

/** Throws what the service says when it does not say yes. */
export async function refuse(response: Response, path: string): Promise<void> {
  if (response.ok) return;
  if (response.headers.get('content-type')?.startsWith('application/problem+json')) {
    if (response.status === 401 && path !== '/api/session') loggedOut.dispatchEvent(new Event('ended'));
    throw new Refused((await response.json()) as Problem);
  }
  throw new Unreachable(`status ${response.status}`);
}

export function get<T>(path: string): Promise<T> {
  return ask('GET', path);
}

export function send<T>(method: Method, path: string, body: unknown, withinMs?: number): Promise<T> {
  return ask(method, path, JSON.stringify(body), { 'content-type': 'application/json' }, withinMs);
}

export function sendFile<T>(path: string, file: Blob, withinMs: number): Promise<T> {
  return ask('POST', path, file, undefined, withinMs);
}

/** A path with its query; empty values are left out. */
export function withQuery(path: string, values: Record<string, string | number | undefined>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== '') query.set(name, String(value));
  }
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

export const session = {
  show: () => get<Session>('/api/session'),
  logIn: (establishment_id: string | null, operator: string, password: string) =>
    send<Session>('POST', '/api/session', { establishment_id, operator, password }),
  logOut: () => ask<void>('DELETE', '/api/session'),
  nameStation: (name: string) => send<Session>('PUT', '/api/session/station', { name }),
  establishments: () => get<Establishment[]>('/api/establishments'),
};

export const desk = {
  head: () => get<DeskHead>('/api/desk'),
  classes: () => get<ClassProgress[]>('/api/classes'),
  student: (id: string) => get<Student>(`/api/students/${id}`),
  students: (query: string, limit = 8) =>
    send<{ students: Student[]; total: number }>('POST', '/api/students/search', { query, limit }),
  devices: (query: string, limit = 4) =>
    send<{ devices: Device[]; total: number }>('POST', '/api/devices/search', { query, limit }),
  resolve: async (codes: string[], typed = false) =>
    (await send<{ resolutions: Resolution[] }>('POST', '/api/scans/resolve', { codes, typed })).resolutions,
  /** The same for a live camera, whose next frame asks again. */
  resolveSoon: async (codes: string[]) =>
    (await send<{ resolutions: Resolution[] }>('POST', '/api/scans/resolve', { codes }, LIVE_MS)).resolutions,
  photo: (file: Blob) => ask<SeenFrame>('POST', '/api/scans/photo', file, undefined, PHOTO_MS),
  handOver: (request: HandOverRequest) => send<HandOver>('POST', '/api/hand-overs', request),
  last: (limit = 8) => get<HandOver[]>(withQuery('/api/hand-overs', { limit })),
  undo: (loan: string, request_id: string, reason: string) =>
    send<HandOver>('POST', `/api/hand-overs/${loan}/undo`, { request_id, reason }),
  forgetBadge: (request_id: string, student_id: string, code: string) =>
    send<Student>('POST', '/api/badges/forget', { request_id, student_id, code }),
  learnBadge: (request_id: string, student_id: string, code: string) =>
    send<Student>('POST', '/api/badges', { request_id, student_id, code }),
};

/** The address of the live camera's socket. */
export function liveAddress(): string {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/scans/live`;
}
