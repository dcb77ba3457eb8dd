// What a desk does beside handing over: acts, incidents, loans, returns.
import { get, send, withQuery } from './client';
import type { Act, Done } from './types';
import { uuidv7 } from './uuid';

/** What every act carries: an id, so that the same sending twice changes nothing, and the desk's clock. */
export function signed<T extends object>(body: T): T & { request_id: string; desk_at: string } {
  return { ...body, request_id: uuidv7(), desk_at: new Date().toISOString() };
}

export const acts = {
  last: (kinds: readonly string[], limit = 8) => get<Act[]>(withQuery('/api/acts', { kinds: kinds.join(','), limit })),
  undo: (id: string, request_id: string, reason: string) => send<Act>('POST', `/api/acts/${id}/undo`, { request_id, reason }),
  /** Sends a signed body; the answer tells the act. */
  make: (path: string, body: object) => send<Done>('POST', path, body),
};
