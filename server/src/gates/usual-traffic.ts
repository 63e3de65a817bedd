import { setTimeout as wait } from 'node:timers/promises';
import type { GateOf, GateSubject } from './gate.ts';
import type { CountingGate, Counts } from './kinds/counts.ts';
import { countUsual } from './measuring/flag-counts.ts';
import type { Look, Means } from './measuring/look.ts';
import { measure } from './measuring/measure.ts';
import type { UsualTraffic } from './power.ts';

const HOUR_MS = 60 * 60_000;
const TIMEOUT_MS = 30_000;
/** What one look at Prometheus is about. */
const PROMETHEUS_SPAN_MS = 5 * 60_000;
/** Between two looks at counters of a load balancer. */
const BETWEEN_MS = 1_000;

/** What a gate will be shown, or why that is not known. */
export type Usual = UsualTraffic | { readonly unknown: string };

/** What both sides of a gate had lately, before any release: the last hour, or the last day where the hour had nothing. */
export async function findUsual(
  gate: CountingGate,
  subject: Omit<GateSubject, 'gates' | 'enteredAtMs'>,
  means: Means,
  now: () => number,
): Promise<Usual> {
  const nowMs = now();
  if (gate.kind === 'sample_ratio')
    return { unknown: 'How many new subjects come is not measured before there is a split.' };
  if (gate.of.kind === 'flag' || gate.of.kind === 'mismatches') {
    for (const ms of [HOUR_MS, 24 * HOUR_MS]) {
      const span = { fromMs: nowMs - ms, toMs: nowMs };
      const [count, bad] = await countUsual(gate.of, subject, span, means);
      if (count > 0) return toUsual(count, bad, ms);
    }
    return { unknown: 'Nothing was measured of it within a day: is the code path run with flags.run?' };
  }
  return measureUsual({ ...gate, of: gate.of }, subject, means, now);
}

/** Of what this server does not count itself: from one look, or the time between two. */
async function measureUsual(
  gate: GateOf<'sequential' | 'burn_rate'>,
  subject: Omit<GateSubject, 'gates' | 'enteredAtMs'>,
  means: Means,
  now: () => number,
): Promise<Usual> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const nowMs = now();
  const look: Look = {
    ...{ subject: { ...subject, enteredAtMs: 0 }, enteredAtMs: 0, nowMs, lastMs: undefined },
    ...{ memory: { totals: null }, key: 'usual' },
  };
  const isTotal = gate.of.kind === 'traffic';
  const span = isTotal ? { fromMs: nowMs, toMs: nowMs } : { fromMs: nowMs - PROMETHEUS_SPAN_MS, toMs: nowMs };
  const first = await measure(gate, look, span, means, signal);
  if (first.kind !== 'data') return { unknown: first.reason };
  const { step, totals } = first.data as unknown as Counts;
  if (totals === undefined) {
    const [count, bad] = addSides(step.candidate, step.baseline);
    return count > 0
      ? toUsual(count, bad, PROMETHEUS_SPAN_MS)
      : { unknown: 'Prometheus counted nothing within 5 min.' };
  }
  await wait(BETWEEN_MS);
  const later = now();
  const second = await measure(
    gate,
    { ...look, nowMs: later, memory: { totals } },
    { fromMs: totals.atMs, toMs: later },
    means,
    signal,
  );
  if (second.kind !== 'data') return { unknown: second.reason };
  const since = second.data as unknown as Counts;
  const [count] = addSides(since.step.candidate, since.step.baseline);
  if (count === 0 || later <= totals.atMs)
    return { unknown: 'The traffic target counted no requests within a second.' };
  // How many are bad shows in all that it has counted so far.
  const [all, bad] = addSides(totals.candidate, totals.baseline);
  return { perSecond: (count * 1_000) / (later - totals.atMs), badRate: toRate(all, bad) };
}

function addSides(
  candidate: readonly [number, number, ...unknown[]],
  baseline: readonly [number, number, ...unknown[]] = [0, 0],
): [count: number, bad: number] {
  return [candidate[0] + baseline[0], candidate[1] + baseline[1]];
}

function toUsual(count: number, bad: number, ms: number): UsualTraffic {
  return { perSecond: (count * 1_000) / ms, badRate: toRate(count, bad) };
}

/** With none bad yet: as if the next one were. */
function toRate(count: number, bad: number): number {
  return Math.min(0.5, Math.max(bad, 1) / Math.max(count, 2));
}
