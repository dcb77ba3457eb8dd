// Where things stand on the picture of the reserve, in percent of its width. Pure.
import type { ReserveGauge } from '../api/types';

export interface Marks {
  value: number;
  planned: number | null;
  floor: number;
  ceiling: number;
}

/** The picture ends a third beyond the ceiling, or where the reserve does. */
export function marks(gauge: Pick<ReserveGauge, 'reserve' | 'floor' | 'ceiling'>, planned: number | null = null): Marks {
  const end = Math.max(1, Math.ceil(gauge.ceiling * 1.5), gauge.reserve, planned ?? 0);
  const at = (count: number) => Math.round((1000 * count) / end) / 10;
  return { value: at(gauge.reserve), planned: planned === null ? null : at(planned), floor: at(gauge.floor), ceiling: at(gauge.ceiling) };
}

/** Points of a plot of `values`, in a picture of 100 by 100, the largest of `values` and `least` at its top. */
export function plot(values: readonly number[], least: number): { x: number; y: number }[] {
  const top = Math.max(1, least, ...values);
  const step = values.length > 1 ? 100 / (values.length - 1) : 0;
  return values.map((value, place) => ({ x: Math.round(place * step * 10) / 10, y: Math.round(1000 - (1000 * value) / top) / 10 }));
}
