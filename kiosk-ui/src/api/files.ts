// Search, lists, stories, and the registers that leave: what the office's screens ask the service.
import { get, refuse, send, Unreachable, withQuery } from './client';
import type {
  DeviceChoices, DevicePage, DeviceStory, DevicesWanted, ExportCard, ExportRequest, Preset, PresetRequest, Presets, SearchAnswer,
  StudentPage, StudentStory, StudentsWanted,
} from './types';

/** A register of a large school takes its time. */
const FILE_MS = 300_000;

export const files = {
  search: (query: string, limit = 20) => send<SearchAnswer>('POST', '/api/search', { query, limit }),
  students: (wanted: Partial<StudentsWanted>) => send<StudentPage>('POST', '/api/students/list', wanted),
  devices: (wanted: Partial<DevicesWanted>) => send<DevicePage>('POST', '/api/devices/list', wanted),
  choices: () => get<DeviceChoices>('/api/devices/choices'),
  student: (id: string, before?: number) => get<StudentStory>(withQuery(`/api/students/${id}/story`, { before })),
  device: (id: string, before?: number) => get<DeviceStory>(withQuery(`/api/devices/${id}/story`, { before })),
};

export const exports = {
  list: (establishment: string) => get<ExportCard[]>(withQuery('/api/register/exports', { establishment })),
  make: (request: ExportRequest) => download('/api/register/exports', request),
  presets: (establishment: string) => get<Presets>(withQuery('/api/register/presets', { establishment })),
  save: (id: string | null, preset: PresetRequest) =>
    id ? send<Preset>('PUT', `/api/register/presets/${id}`, preset) : send<Preset>('POST', '/api/register/presets', preset),
  remove: (id: string) => send<void>('DELETE', `/api/register/presets/${id}`, {}),
};

/** Asks for a file by a body, as a name has no place in an address, and gives it to the browser. */
export async function download(path: string, body: unknown): Promise<void> {
  let response: Response;
  let content: Blob;
  try {
    const signal = AbortSignal.timeout(FILE_MS);
    const headers = { 'content-type': 'application/json' };
    response = await fetch(path, { method: 'POST', body: JSON.stringify(body), headers, signal, credentials: 'same-origin' });
    await refuse(response, path);
    content = await response.blob();
  } catch (error) {
    throw error instanceof TypeError || error instanceof DOMException ? new Unreachable(String(error)) : error;
  }
  const name = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? 'fichier';
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
