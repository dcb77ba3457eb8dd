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

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

async function ask(method: Method, path: string, body?: BodyInit, headers?: HeadersInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { method, body, headers, credentials: 'same-origin' });
  } catch (error) {
    throw new Unreachable(String(error));
  }
  if (response.ok) return response;
  if (response.headers.get('content-type')?.startsWith('application/problem+json')) {
    if (response.status === 401 && path !== '/api/session') loggedOut.dispatchEvent(new Event('ended'));
    throw new Refused((await response.json()) as Problem);
  }
  throw new Unreachable(`status ${response.status}`);
}

export async function get<T>(path: string): Promise<T> {
  return (await ask('GET', path)).json() as Promise<T>;
}

export async function send<T>(method: Method, path: string, body: unknown): Promise<T> {
  const response = await ask(method, path, JSON.stringify(body), { 'content-type': 'application/json' });
  return response.json() as Promise<T>;
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
  logOut: async () => void (await ask('DELETE', '/api/session')),
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
  resolve: async (codes: string[]) =>
    (await send<{ resolutions: Resolution[] }>('POST', '/api/scans/resolve', { codes })).resolutions,
  photo: async (file: Blob) => (await ask('POST', '/api/scans/photo', file)).json() as Promise<SeenFrame>,
  handOver: (request: HandOverRequest) => send<HandOver>('POST', '/api/hand-overs', request),
  last: (limit = 8) => get<HandOver[]>(withQuery('/api/hand-overs', { limit })),
  undo: (loan: string, request_id: string, reason: string) =>
    send<HandOver>('POST', `/api/hand-overs/${loan}/undo`, { request_id, reason }),
  learnBadge: (request_id: string, student_id: string, code: string) =>
    send<Student>('POST', '/api/badges', { request_id, student_id, code }),
};

/** The address of the live camera's socket. */
export function liveAddress(): string {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/scans/live`;
}
