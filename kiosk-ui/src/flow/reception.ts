// The thinking of the mode Réception: how far a delivery is, and what a share for the reserve comes to.
// Pure: no clock, no network.
import type { Delivery, ReserveGauge } from '../api/types';
import type { Tone } from './desk';

export interface Counted {
  name: 'expected' | 'seen' | 'missing' | 'damaged' | 'extra' | 'other_note' | 'other_school';
  value: number;
  tone: Tone | 'plain';
}

export function missing(delivery: Delivery): number {
  return Math.max(0, delivery.expected - delivery.seen);
}

/** The big numbers; what differs from the note is shown when there is some. */
export function counts(delivery: Delivery): Counted[] {
  const left = missing(delivery);
  const strange = (name: Counted['name'], value: number): Counted[] => (value > 0 ? [{ name, value, tone: 'refused' }] : []);
  return [
    { name: 'expected', value: delivery.expected, tone: 'plain' },
    { name: 'seen', value: delivery.seen, tone: 'done' },
    { name: 'missing', value: left, tone: left > 0 ? 'already' : 'done' },
    ...strange('damaged', delivery.damaged),
    ...strange('extra', delivery.extra),
    ...strange('other_note', delivery.other_note),
    ...strange('other_school', delivery.other_school),
  ];
}

/** The delivery to open: the newest that is not over, of those with something missing first. */
export function toOpen(deliveries: readonly Delivery[]): Delivery | undefined {
  const open = deliveries.filter((one) => !one.checked_at);
  return open.find((one) => missing(one) > 0) ?? open[0] ?? deliveries[0];
}

export interface Share {
  /** Laptops the share is, rounded up as the service does. */
  wanted: number;
  /** To be drawn from the stock. */
  more: number;
  /** More than the stock holds. */
  short: number;
  /** What the reserve would be, in percent to one decimal; null when nobody is entitled. */
  percent: number | null;
  standing: 'below' | 'within' | 'above';
}

/** What `tenths` of a percent of the entitled would come to. */
export function share(gauge: ReserveGauge, tenths: number): Share {
  const wanted = Math.floor((gauge.entitled * tenths + 999) / 1000);
  const more = Math.max(0, wanted - gauge.reserve);
  const after = gauge.reserve + more;
  const percent = gauge.entitled > 0 ? Math.round((after * 1000) / gauge.entitled) / 10 : null;
  return { wanted, more, short: Math.max(0, more - gauge.in_stock), percent, standing: standing(after, gauge) };
}

export function standing(reserve: number, gauge: Pick<ReserveGauge, 'floor' | 'ceiling'>): Share['standing'] {
  return reserve < gauge.floor ? 'below' : reserve > gauge.ceiling ? 'above' : 'within';
}
