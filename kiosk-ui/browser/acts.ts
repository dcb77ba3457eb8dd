// What the tests ask of the service themselves, as somebody logged in at a desk.
import { inject } from 'vitest';
import { uuidv7 } from '../src/api/uuid';
import type { Pair } from './cases';
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

/** Hands a laptop to a pupil whose charter is on file; answers the pupil's id. */
export async function handOver(desk: Desk, { pupil, laptop: device }: Pair): Promise<string> {
  const { students } = await post<{ students: { id: string }[] }>(desk, '/api/students/search', { query: pupil.name, limit: 1 });
  const student_id = students[0]!.id;
  await post(desk, '/api/hand-overs', { student_id, device_id: (await laptop(desk, device.serial)).id });
  return student_id;
}

/** Reports what happened to a laptop that somebody holds, with a spare for a while or without. */
export async function report(desk: Desk, serial: string, incident: string, spare: { device_id: string; until: string } | null): Promise<string> {
  const { holder } = await laptop(desk, serial);
  const told = await post<{ incident_id: string }>(desk, '/api/incidents', {
    loan_id: holder!.loan_id, incident, symptoms: [], description: '', spare,
  });
  return told.incident_id;
}
