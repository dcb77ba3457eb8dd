// The thinking of the screen SAV: what waits, what is away, and what a laptop that comes back is told as. Pure.
import type { BatchCard, Device, RepairCard, Repairs } from '../api/types';
import { cents } from './reserve';

/** Broken, in the school, in no batch yet. */
export function waiting(repairs: Repairs): RepairCard[] {
  return repairs.under_way.filter((one) => !one.batch_id && !one.sent_at);
}

/** At the contractor's. */
export function away(repairs: Repairs): RepairCard[] {
  return repairs.under_way.filter((one) => one.sent_at);
}

export function openBatches(repairs: Repairs): BatchCard[] {
  return repairs.batches.filter((batch) => !batch.sent_at);
}

/** Sent batches that are not all back, the latest first. */
export function overdue(repairs: Repairs): BatchCard[] {
  return repairs.batches.filter((batch) => batch.days_late > 0).sort((a, b) => b.days_late - a.days_late);
}

export const ENDS = ['repaired', 'not_repaired', 'scrapped'] as const;
export type End = (typeof ENDS)[number];

export interface Back {
  device: Device | null;
  repair: RepairCard | null;
  end: End;
  diagnosis: string;
  underWarranty: boolean | null;
  /** As typed, in euros. */
  cost: string;
}

export const EMPTY: Back = { device: null, repair: null, end: 'repaired', diagnosis: '', underWarranty: null, cost: '' };

/** A laptop that came back; whether the warranty holds is known beforehand. */
export function takeBack(device: Device, repairs: Repairs | null): Back {
  const repair = repairs?.under_way.find((one) => one.device_id === device.id) ?? null;
  return { ...EMPTY, device, repair, underWarranty: repair?.in_warranty ?? null };
}

/** What is sent, unsigned; null while something is missing or no amount. */
export function backRequest(back: Back): object | null {
  const cost = back.cost.trim() === '' ? null : cents(back.cost);
  if (!back.device || (back.cost.trim() !== '' && cost === null)) return null;
  return { device_id: back.device.id, outcome: back.end, diagnosis: back.diagnosis.trim(), under_warranty: back.underWarranty, cost_cents: cost };
}

export type Standing = 'fills' | 'comes-back' | 'broken-here' | 'held' | 'done' | 'elsewhere';

/** What a scanned laptop is for the SAV. */
export function standing(device: Device): Standing {
  if (device.state === 'awaiting_repair') return 'fills';
  if (device.state === 'in_repair') return 'comes-back';
  if (device.state === 'repaired') return 'done';
  if (device.holder) return 'held';
  return device.state === 'in_stock' || device.state === 'reserve' ? 'broken-here' : 'elsewhere';
}
