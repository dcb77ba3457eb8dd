// What the tests ask of the service themselves, as somebody logged in at a desk.
import { inject } from 'vitest';
import { uuidv7 } from '../src/api/uuid';
import type { Desk } from './desk';

export interface Found {
  id: string;
  serial: string;
  state: string;
  holder?: { loan_id: string; student_id: string } | null;
}

/** Sends a signed body and answers what the service says; fails with its words. */
export async function post<T>(desk: Desk, path: string, body: object): Promise<T> {
  const answer = await desk.page.request.post(inject('address') + path, { data: { request_id: uuidv7(), ...body } });
  if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** A laptop as the school knows it now. */
export async function laptop(desk: Desk, serial: string): Promise<Found> {
  const { devices } = await post<{ devices: Found[] }>(desk, '/api/devices/search', { query: serial, limit: 1 });
  const found = devices[0];
  if (!found) throw new Error(`${serial} is nobody's`);
  return found;
}
