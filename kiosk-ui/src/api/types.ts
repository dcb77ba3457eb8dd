// Names for what the service answers; the shapes themselves are generated from its OpenAPI document.
import type { components } from './schema';

type Schemas = components['schemas'];

export type Session = Schemas['Session'];
export type Establishment = Schemas['SessionEstablishment'];
export type Student = Schemas['StudentCard'];
export type Device = Schemas['DeviceCard'];
export type Resolution = Schemas['Resolution'];
export type SeenCode = Schemas['SeenCode'];
export type SeenFrame = Schemas['SeenFrame'];
export type HandOver = Schemas['HandOver'];
export type HandOverRequest = Schemas['HandOverRequest'];
export type DeskHead = Schemas['DeskHead'];
export type ClassProgress = Schemas['ClassProgress'];
export type Problem = Schemas['Problem'];
export type ImportState = Schemas['ImportState'];
export type ImportReport = Schemas['ImportReport'];
export type RegisterSummary = Schemas['RegisterSummary'];

/** Something a desk did. */
export interface Act {
  act_id: string;
  kind: string;
  label: string;
  done_at: string;
  station: string;
  operator: string;
  student?: { id: string; name: string; class?: string | null } | null;
  devices: { id: string; serial: string; model: string; move: string; from: string; to: string; to_label: string }[];
  reason?: string | null;
  undone: boolean;
  undo_until?: string | null;
}
export interface Done {
  act: Act;
  incident_id?: string | null;
  told: string[];
}
export interface PolicyLine {
  incident: string;
  replacement: string;
  needs_complaint: boolean;
}
export interface OutLoan {
  loan_id: string;
  kind: string;
  student_id: string;
  student: string;
  class?: string | null;
  left_on?: string | null;
  is_leaver: boolean;
  device_id: string;
  serial: string;
  model: string;
  state: string;
  since: string;
  due_on?: string | null;
  kit: string[];
}
