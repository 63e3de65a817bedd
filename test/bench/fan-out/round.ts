import type { Gauge } from '../../processes/gauge.ts';
import { percentile } from '../statistics.ts';

/** One change to all sockets of a crowd. Times count from the first client that had it. */
export interface Round {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly lastMs: number;
  /** Of the process that wrote. */
  readonly cpuMs: number;
  readonly longestBlockMs: number;
}

/** @param arrivals ascending */
export function toRound(arrivals: Float64Array, before: Gauge, after: Gauge): Round {
  const [firstMs = 0] = arrivals;
  const spreadMs = [...arrivals].map((atMs) => atMs - firstMs);
  return {
    p50Ms: percentile(spreadMs, 50),
    p99Ms: percentile(spreadMs, 99),
    lastMs: spreadMs.at(-1) ?? Number.NaN,
    cpuMs: after.cpuMs - before.cpuMs,
    longestBlockMs: after.longestBlockMs,
  };
}
