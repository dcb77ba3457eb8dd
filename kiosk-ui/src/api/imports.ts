// Files taken in: looked at, sent with their progress, read by the service, shown, then applied or discarded.
import { Refused, Unreachable, get, refuse, send, sendFile } from './client';
import type { FilePreview, ImportDelay, ImportState, Layout, Problem } from './types';

/** 200,000 pupils are recorded in about a minute. */
const APPLY_MS = 600_000;
/** A table of a large school over a slow network. */
const LOOK_MS = 120_000;

export const imports = {
  list: () => get<ImportState[]>('/api/imports'),
  show: (id: string) => get<ImportState>(`/api/imports/${id}`),
  preview: (file: Blob) => sendFile<FilePreview>('/api/imports/preview', file, LOOK_MS),
  apply: (id: string) => send<ImportState>('POST', `/api/imports/${id}/apply`, {}, APPLY_MS),
  discard: (id: string) => send<ImportState>('POST', `/api/imports/${id}/discard`, {}),
  undo: (id: string, reason: string) => send<ImportState>('POST', `/api/imports/${id}/undo`, { reason }, APPLY_MS),
  /** Says of one row, or of all that wait, whether it is the pupil the school knows. */
  confirm: (id: string, row: number | null, is_same: boolean) => send<ImportState>('POST', `/api/imports/${id}/confirm`, { row, is_same }, APPLY_MS),
  delay: () => get<ImportDelay>('/api/imports/delay'),
  changeDelay: (days: number) => send<ImportDelay>('PUT', '/api/imports/delay', { days }),
  /** The slips of a file of accounts, as a page to print. */
  slips: async (file: Blob): Promise<string> => {
    const path = '/api/accounts/slips';
    try {
      const response = await fetch(path, { method: 'POST', body: file, signal: AbortSignal.timeout(LOOK_MS), credentials: 'same-origin' });
      await refuse(response, path);
      return await response.text();
    } catch (error) {
      throw error instanceof Refused ? error : new Unreachable(String(error));
    }
  },
};

export const issuesPath = (id: string) => `/api/imports/${id}/issues`;

interface Sending {
  layout: Layout | null;
  signal: AbortSignal;
  /** Is told the share sent, 0 to 1. */
  progress: (share: number) => void;
}

/** Sends a file. `fetch` cannot tell how much is sent, so the older interface does. */
export function upload(file: File, { layout, signal, progress }: Sending): Promise<ImportState> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', '/api/imports');
    request.responseType = 'json';
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.setRequestHeader('x-file-name', encodeURIComponent(file.name));
    if (layout) request.setRequestHeader('x-layout', encodeURIComponent(JSON.stringify(layout)));
    request.upload.onprogress = (event) => progress(event.lengthComputable ? event.loaded / event.total : 0);
    request.onerror = () => reject(new Unreachable('upload'));
    request.onabort = () => reject(new Unreachable('stopped'));
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve(request.response as ImportState);
      else if (request.response) reject(new Refused(request.response as Problem));
      else reject(new Unreachable(`status ${request.status}`));
    };
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(file);
  });
}
