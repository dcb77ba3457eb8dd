// What a desk does beside handing over: acts, incidents, loans, returns.
import { get, send, sendFile, withQuery } from './client';
import type { Act, Done, IncidentRules, OutLoan } from './types';
import { uuidv7 } from './uuid';

/** What every act carries: an id, so that the same sending twice changes nothing, and the desk's clock. */
export function signed<T extends object>(body: T): T & { request_id: string; desk_at: string } {
  return { ...body, request_id: uuidv7(), desk_at: new Date().toISOString() };
}

export const acts = {
  last: (kinds: readonly string[], limit = 8) => get<Act[]>(withQuery('/api/acts', { kinds: kinds.join(','), limit })),
  undo: (id: string, request_id: string, reason: string) => send<Done>('POST', `/api/acts/${id}/undo`, { request_id, reason }),
  /** Sends a signed body; the answer tells the act. */
  make: (path: string, body: object) => send<Done>('POST', path, body),
};

/** A photo of a telephone over a slow network. */
const PICTURE_MS = 60_000;

export const incidents = {
  rules: () => get<IncidentRules>('/api/incidents/policy'),
  setRule: (rule: object) => send<IncidentRules>('PUT', '/api/incidents/policy', rule),
  addPicture: (incident: string, picture: Blob) => sendFile(`/api/incidents/${incident}/photos`, picture, PICTURE_MS),
  askGrant: (asked: { incident_id: string; reason: string }) => send<unknown>('POST', '/api/grants', asked),
};

export const loans = {
  /** Laptops in pupils' hands: of a class, of those who left, or all. */
  out: (of: { class?: string; leavers?: 'true' } = {}) => get<OutLoan[]>(withQuery('/api/loans/out', of)),
};
