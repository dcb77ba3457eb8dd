// Laptops in the school's rooms: deliveries, the reserve, repairs, stock-takes; loans for a while and the fund.
import { get, send } from './client';
import type {
  Budget, Delivery, Grant, ReceiveAnswer, Reception, RepairBatch, Repairs, ReserveState, SeenAnswer, StockTakeCard, TemporaryLoan,
} from './types';
import type { components } from './schema';

type StockTake = components['schemas']['ClosedStockTake'];

export const deliveries = {
  list: () => get<Delivery[]>('/api/deliveries'),
  show: (id: string) => get<Reception>(`/api/deliveries/${id}`),
  scan: (id: string, body: object) => send<ReceiveAnswer>('POST', `/api/deliveries/${id}/scans`, body),
  check: (id: string, body: object) => send<Delivery>('POST', `/api/deliveries/${id}/check`, body),
};

export const reserve = {
  show: () => get<ReserveState>('/api/reserve'),
  temporary: () => get<TemporaryLoan[]>('/api/loans/temporary'),
  extend: (loan: string, body: object) => send<TemporaryLoan>('POST', `/api/loans/${loan}/extension`, body),
};

export const fund = {
  grants: () => get<Grant[]>('/api/grants'),
  budgets: () => get<Budget[]>('/api/grants/budgets'),
  decide: (grant: string, body: object) => send<Grant>('POST', `/api/grants/${grant}/decision`, body),
  setBudget: (body: object) => send<Budget[]>('PUT', '/api/grants/budgets', body),
};

export const repairs = {
  list: () => get<Repairs>('/api/repairs'),
  batch: (id: string) => get<RepairBatch>(`/api/repair-batches/${id}`),
  open: (body: object) => send<RepairBatch>('POST', '/api/repair-batches', body),
  fill: (batch: string, body: object) => send<RepairBatch>('POST', `/api/repair-batches/${batch}/devices`, body),
};

export const stockTakes = {
  list: () => get<StockTakeCard[]>('/api/stock-takes'),
  show: (id: string) => get<StockTake>(`/api/stock-takes/${id}`),
  open: (body: object) => send<StockTakeCard>('POST', '/api/stock-takes', body),
  scan: (id: string, body: object) => send<SeenAnswer>('POST', `/api/stock-takes/${id}/scans`, body),
  close: (id: string, body: object) => send<StockTake>('POST', `/api/stock-takes/${id}/close`, body),
};
