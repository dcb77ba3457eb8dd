// Files taken in: sent with their progress, read by the service, shown, then recorded or discarded.
import { Refused, Unreachable, get, send } from './client';
import type { ImportState, Problem } from './types';

/** 200,000 pupils are recorded in about a minute. */
const APPLY_MS = 600_000;

export const imports = {
  list: () => get<ImportState[]>('/api/imports'),
  show: (id: string) => get<ImportState>(`/api/imports/${id}`),
  apply: (id: string) => send<ImportState>('POST', `/api/imports/${id}/apply`, {}, APPLY_MS),
  discard: (id: string) => send<ImportState>('POST', `/api/imports/${id}/discard`, {}),
};

/** Sends a file; `progress` is told the share sent, 0 to 1. `fetch` cannot tell it, so the older interface does. */
export function upload(file: File, progress: (share: number) => void): Promise<ImportState> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', '/api/imports');
    request.responseType = 'json';
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.setRequestHeader('x-file-name', encodeURIComponent(file.name));
    request.upload.onprogress = (event) => progress(event.lengthComputable ? event.loaded / event.total : 0);
    request.onerror = () => reject(new Unreachable('upload'));
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve(request.response as ImportState);
      else if (request.response) reject(new Refused(request.response as Problem));
      else reject(new Unreachable(`status ${request.status}`));
    };
    request.send(file);
  });
}
