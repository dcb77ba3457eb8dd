// What the page asks about the day: the campaign, its slots, whom the board calls.
import { get, send } from './client';
import type { Board, CampaignRequest, GuestAccount, Helper, PlanRequest, Prepared, SlotRequest } from './types';
import { uuidv7 } from './uuid';

const put = <T>(path: string, body: object) => send<T>('PUT', path, { request_id: uuidv7(), ...body });
const post = <T>(path: string, body: object) => send<T>('POST', path, { request_id: uuidv7(), ...body });

export const campaign = {
  show: () => get<Prepared>('/api/campaign'),
  save: (fields: Omit<CampaignRequest, 'request_id'>) => put<Prepared>('/api/campaign', fields),
  addSlot: (slot: Omit<SlotRequest, 'request_id'>) => post<Prepared>('/api/campaign/slots', slot),
  moveSlot: (id: string, slot: Omit<SlotRequest, 'request_id'>) => put<Prepared>(`/api/campaign/slots/${id}`, slot),
  removeSlots: (slot_ids: string[]) => post<Prepared>('/api/campaign/slots/remove', { slot_ids }),
  plan: (plan: Omit<PlanRequest, 'request_id'>) => post<Prepared>('/api/campaign/plan', plan),
  staff: (staff: Helper[]) => put<Prepared>('/api/campaign/staff', { staff }),
  guestAccounts: (accounts: GuestAccount[]) => put<Prepared>('/api/campaign/guest-accounts', { accounts }),
  /** A slot, a class, or nobody any more. */
  call: (whom: { slot_id: string } | { class_id: string } | null) => post<Board>('/api/board/call', { slot_id: null, ...whom }),
};

/** Round trips to the service, in ms; a trip that fails is not among them. */
export async function roundTrips(times: number): Promise<number[]> {
  const trips: number[] = [];
  for (let trip = 0; trip < times; trip++) {
    const from = performance.now();
    const answered = await fetch('/api/health', { cache: 'no-store', signal: AbortSignal.timeout(3_000) }).then((answer) => answer.ok, () => false);
    if (answered) trips.push(performance.now() - from);
  }
  return trips;
}
