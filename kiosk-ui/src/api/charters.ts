// What the page asks about charters: versions, copies taken in, those to chase, guardians.
import { get, refuse, send, Unreachable, withQuery } from './client';
import type { CharterText, CharterVersion, Guardian, GuardianRequest, Intake, IntakeState, Signatories, SignatoryChoice, Student, ToChase } from './types';
import { uuidv7 } from './uuid';

/** A PDF over a slow network. */
const PDF_MS = 120_000;

export const charters = {
  versions: () => get<CharterVersion[]>('/api/charters'),
  text: (id: string) => get<CharterText>(`/api/charters/${id}`),
  publish: (version: string, title: string, body: string, make_current: boolean) =>
    send<CharterVersion>('POST', '/api/charters', { request_id: uuidv7(), version, title, body, make_current }),
  publishPdf: async (version: string, title: string, pdf: Blob, make_current: boolean): Promise<CharterVersion> => {
    const path = withQuery('/api/charters/pdf', { request_id: uuidv7(), version, title, make_current: String(make_current) });
    let response: Response;
    try {
      response = await fetch(path, { method: 'POST', body: pdf, signal: AbortSignal.timeout(PDF_MS), credentials: 'same-origin' });
    } catch (error) {
      throw new Unreachable(String(error));
    }
    await refuse(response, path);
    return (await response.json()) as CharterVersion;
  },
  makeCurrent: (id: string) => send<CharterVersion>('POST', `/api/charters/${id}/current`, { request_id: uuidv7() }),
  intakes: () => get<IntakeState>('/api/charters/intake'),
  takeIn: (request_id: string, code: string, signatory: SignatoryChoice | null) =>
    send<Intake>('POST', '/api/charters/intake', { request_id, code, signatory, desk_at: new Date().toISOString() }),
  undoIntake: (receipt: string, request_id: string, reason: string) =>
    send<Intake>('POST', `/api/charters/intake/${receipt}/undo`, { request_id, reason, desk_at: new Date().toISOString() }),
  toChase: (group: string) => get<ToChase[]>(withQuery('/api/charters/chase', { class: group })),
  withdraw: (student: string, reason: string) =>
    send<Student>('POST', `/api/students/${student}/charter/withdraw`, { request_id: uuidv7(), reason }),
  signatories: (student: string) => get<Signatories>(`/api/students/${student}/signatories`),
};

export type GuardianFields = Omit<GuardianRequest, 'request_id'>;

export const guardians = {
  of: (student: string) => get<Guardian[]>(`/api/students/${student}/guardians`),
  add: (student: string, fields: GuardianFields) =>
    send<Guardian>('POST', `/api/students/${student}/guardians`, { request_id: uuidv7(), ...fields }),
  change: (id: string, fields: GuardianFields) => send<Guardian>('PUT', `/api/guardians/${id}`, { request_id: uuidv7(), ...fields }),
  remove: (id: string) => send<Guardian>('POST', `/api/guardians/${id}/remove`, { request_id: uuidv7() }),
};
