// The state of the school's data, and which MEFs entitle.
import { get, send } from './client';
import type { DataState, EntitlementPreview, RuleCard, Rules } from './types';
import { uuidv7 } from './uuid';

/** Every pupil is judged anew. */
const JUDGE_MS = 120_000;

export const data = {
  checks: () => get<DataState>('/api/data/checks'),
  exportPath: (code: string) => `/api/data/checks/${code}/export`,
};

export const entitlement = {
  show: () => get<Rules>('/api/entitlement'),
  /** Who would be judged otherwise; changes nothing. */
  preview: (rules: RuleCard[]) => send<EntitlementPreview>('POST', '/api/entitlement/preview', rules, JUDGE_MS),
  /** No rules at all bring the programme's back. */
  change: (rules: RuleCard[]) => send<Rules>('PUT', '/api/entitlement', { request_id: uuidv7(), rules }, JUDGE_MS),
};
