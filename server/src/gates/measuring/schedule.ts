import type { Gate } from '../gate.ts';
import { totalsOf } from '../kinds/counts.ts';
import type { Span } from '../measurement.ts';
import type { Look } from './look.ts';
import { longestRangeMs } from './queries.ts';

const SECOND_MS = 1_000;

/** SDKs send what they counted each second; through relays it takes a moment longer. */
const SDK_LAG_MS = 4 * SECOND_MS;
/** Scraped samples may be queried so much later. */
const SCRAPE_LAG_MS = 2 * SECOND_MS;

/** Unless a gate says otherwise, in seconds. */
const EVERY_SECONDS: Readonly<Record<'sdk' | 'subjects' | 'target' | 'prometheus' | 'moment', number>> = {
  sdk: 2,
  subjects: 5,
  target: 2,
  prometheus: 15,
  moment: 5,
};

/** Each is a request to Prometheus for each side. */
const MAX_PAST_POINTS = 50;

/** Nobody looked for so long: a gap, what happened in it is not known. Several looks, and no less than a takeover takes. */
const LEAST_GAP_MS = 30 * SECOND_MS;

/** Where what a gate measures comes from; its lag and its usual pace follow from that. */
type Pace = keyof typeof EVERY_SECONDS;

/** What the next look of a gate is about; undefined: it is not time for it yet. */
export function nextSpan(gate: Gate, look: Look): Span | undefined {
  const { enteredAtMs, nowMs, lastMs, memory } = look;
  const everyMs = everyMsOf(gate);
  switch (paceOf(gate)) {
    case 'sdk': {
      // Whole seconds, which is how they are kept.
      const fromMs = lastMs ?? ceilTo(enteredAtMs, SECOND_MS);
      const toMs = floorTo(nowMs - SDK_LAG_MS, SECOND_MS);
      return toMs - fromMs >= everyMs ? { fromMs, toMs } : undefined;
    }
    case 'target': {
      if (lastMs !== undefined && nowMs - lastMs < everyMs) return undefined;
      return { fromMs: totalsOf(memory)?.atMs ?? nowMs, toMs: nowMs };
    }
    case 'prometheus': {
      if (!isCounting(gate)) {
        const isDue = nowMs >= startOf(gate, enteredAtMs) && (lastMs === undefined || nowMs - lastMs >= everyMs);
        return isDue ? { fromMs: nowMs, toMs: nowMs } : undefined;
      }
      // On every server at the same moments.
      const toMs = floorTo(nowMs - SCRAPE_LAG_MS, everyMs);
      const fromMs = toMs - everyMs;
      return fromMs >= (lastMs ?? enteredAtMs) ? { fromMs, toMs } : undefined;
    }
    case 'subjects': {
      const fromMs = lastMs ?? enteredAtMs;
      return nowMs - fromMs >= everyMs ? { fromMs, toMs: nowMs } : undefined;
    }
    case 'moment':
      return lastMs === undefined || nowMs - lastMs >= everyMs ? { fromMs: nowMs, toMs: nowMs } : undefined;
  }
}

/** The time for which nobody looked, where that is too long to know what happened; undefined: it is not. */
export function findGap(gate: Gate, { enteredAtMs, nowMs, lastMs }: Look): Span | undefined {
  const fromMs = lastMs ?? startOf(gate, enteredAtMs);
  const gapMs = Math.max(LEAST_GAP_MS, 3 * everyMsOf(gate));
  return nowMs - fromMs > gapMs ? { fromMs, toMs: floorTo(nowMs, SECOND_MS) } : undefined;
}

/** What a gate that is tried out looks at, oldest first: the last ten minutes where the past is known, else the moment. */
export function pastSpans(gate: Gate, nowMs: number): Span[] {
  const moment = { fromMs: nowMs, toMs: nowMs };
  const back = (steps: number, stepMs: number, toMs: number) =>
    Array.from({ length: steps }, (_, at) => ({
      fromMs: toMs - (steps - at) * stepMs,
      toMs: toMs - (steps - at - 1) * stepMs,
    }));
  switch (paceOf(gate)) {
    case 'sdk':
      return back(10, 60 * SECOND_MS, floorTo(nowMs - SDK_LAG_MS, SECOND_MS));
    case 'subjects':
      return back(1, 600 * SECOND_MS, nowMs);
    case 'target':
      return [moment, moment];
    case 'prometheus': {
      const everyMs = everyMsOf(gate);
      if (isCounting(gate)) return back(10, everyMs, floorTo(nowMs - SCRAPE_LAG_MS, everyMs));
      const points = gate.kind === 'mann_whitney' ? Math.min(MAX_PAST_POINTS, gate.minPoints ?? MAX_PAST_POINTS) : 1;
      return back(points, everyMs, nowMs).map(({ toMs }) => ({ fromMs: toMs, toMs }));
    }
    case 'moment':
      return [moment];
  }
}

export function everyMsOf(gate: Gate): number {
  return (gate.everySeconds ?? EVERY_SECONDS[paceOf(gate)]) * SECOND_MS;
}

/** From when on a look is about this stage alone: a query that looks back for five minutes is not before. */
function startOf(gate: Gate, enteredAtMs: number): number {
  if (gate.kind !== 'prometheus' && gate.kind !== 'mann_whitney') return enteredAtMs;
  const queries = [gate.query, gate.baseline ?? ''];
  return enteredAtMs + Math.max(...queries.map((query) => longestRangeMs(query, everyMsOf(gate))));
}

function paceOf(gate: Gate): Pace {
  switch (gate.kind) {
    case 'sequential':
    case 'burn_rate':
      if (gate.of.kind === 'prometheus') return 'prometheus';
      return gate.of.kind === 'traffic' ? 'target' : 'sdk';
    case 'sample_ratio':
      return 'subjects';
    case 'prometheus':
    case 'mann_whitney':
      return 'prometheus';
    default:
      return 'moment';
  }
}

function isCounting({ kind }: Gate): boolean {
  return kind === 'sequential' || kind === 'burn_rate';
}

function floorTo(ms: number, unitMs: number): number {
  return Math.floor(ms / unitMs) * unitMs;
}

function ceilTo(ms: number, unitMs: number): number {
  return Math.ceil(ms / unitMs) * unitMs;
}
