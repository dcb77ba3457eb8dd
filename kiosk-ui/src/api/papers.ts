// Papers: what there is to print, and what the school puts on it.
import { get, send, sendFile } from './client';
import type { FoundReceipt, PaperChoices, PrintSettings, SettingsRequest, ShownReceipt } from './types';

const LOGO_MS = 30_000;

export const papers = {
  choices: () => get<PaperChoices>('/api/papers'),
  settings: () => get<PrintSettings>('/api/print-settings'),
  change: (settings: SettingsRequest) => send<PrintSettings>('PUT', '/api/print-settings', settings),
  setLogo: (file: Blob) => sendFile<PrintSettings>('/api/print-settings/logo', file, LOGO_MS),
  removeLogo: () => send<PrintSettings>('DELETE', '/api/print-settings/logo', undefined),
  /** Of a loan's opening or of an act. */
  receipt: (id: string) => get<ShownReceipt>(`/api/receipts/${id}`),
  find: (code: string) => send<FoundReceipt>('POST', '/api/receipts/find', { code }),
};
