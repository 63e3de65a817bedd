import { BUCKET_COUNT } from '@bunting/core';
import { InvalidEvidence } from '../../evidence/invalid-evidence.ts';
import { checkWindow } from '../../evidence/window.ts';
import { readCounts } from '../../prometheus/counts.ts';
import { toWindow } from '../../safeguards/step.ts';
import { TrafficError } from '../../traffic/traffic-target.ts';
import type { GateOf } from '../gate.ts';
import { type CountingGate, type Counts, type Totals, testOf, totalsOf } from '../kinds/counts.ts';
import type { Measurement, Span } from '../measurement.ts';
import { countFlag, countMismatches } from './flag-counts.ts';
import { type Look, type Means, toData, toNothing } from './look.ts';
import { fillQuery, findEndpoint } from './queries.ts';
import { measureSubjects } from './subjects.ts';

/** What was counted of both sides; where that cannot be counts, it is no data. */
export async function measureCounts(
  gate: CountingGate,
  look: Look,
  span: Span,
  means: Means,
  signal: AbortSignal,
): Promise<Measurement> {
  if (gate.kind === 'sample_ratio') return measureSubjects(gate, look, span, means);
  const read = await readOf(gate, look, span, means, signal);
  if ('kind' in read) return read;
  const counts = await withoutIdleBaseline(gate, read, look, means, signal);
  try {
    checkWindow(toWindow(counts.step));
  } catch (error) {
    if (!(error instanceof InvalidEvidence)) throw error;
    return toNothing(span, 'no_data', `What was counted cannot be: ${error.message}.`);
  }
  return toData(span, counts);
}

function readOf(
  gate: Exclude<CountingGate, GateOf<'sample_ratio'>>,
  look: Look,
  span: Span,
  means: Means,
  signal: AbortSignal,
): Promise<Counts | Measurement> {
  const { of } = gate;
  switch (of.kind) {
    case 'flag':
      return countFlag(gate, of, look, span, means);
    case 'mismatches':
      return countMismatches(of, look, span, means);
    case 'traffic':
      return readTotals(look, span, means, signal);
    case 'prometheus':
      return readQueries(of, look, span, means, signal);
  }
}

/**
 * Where all traffic goes to the candidate there is no baseline to wait for: a test that can judge the candidate alone does so. By
 * the share, not by who happened to have a request.
 */
async function withoutIdleBaseline(
  gate: Exclude<CountingGate, GateOf<'sample_ratio'>>,
  counts: Counts,
  { subject }: Look,
  { traffic }: Means,
  signal: AbortSignal,
): Promise<Counts> {
  const { of } = gate;
  const { baseline, ...step } = counts.step;
  const isOfTraffic = of.kind === 'traffic' || (of.kind === 'flag' && of.by === 'version');
  const isIdle = baseline !== undefined && baseline[0] === 0 && step.candidate[0] > 0;
  if (subject.traffic === undefined || !isOfTraffic || !isIdle || testOf(gate).kind !== 'crash') return counts;
  const target = await traffic.open(subject.environmentId, subject.traffic.target);
  try {
    const { candidatePer100k } = (await target?.read(signal)) ?? {};
    return candidatePer100k === BUCKET_COUNT ? { ...counts, step } : counts;
  } finally {
    await target?.close();
  }
}

type Queries = Extract<GateOf<'sequential'>['of'], { kind: 'prometheus' }>;

async function readQueries(
  { source, candidate, baseline }: Queries,
  look: Look,
  { fromMs, toMs }: Span,
  means: Means,
  signal: AbortSignal,
): Promise<Counts | Measurement> {
  const endpoint = await findEndpoint(means, look, source);
  const fillArm = ({ total, bad }: Queries['candidate']) => {
    return { total: fillQuery(total, look.subject), bad: fillQuery(bad, look.subject) };
  };
  const queries = {
    candidate: fillArm(candidate),
    ...(baseline === undefined ? {} : { baseline: fillArm(baseline) }),
    stepMs: toMs - fromMs,
  };
  const reading = await readCounts(means.policy, endpoint, queries, toMs, signal);
  if (reading.kind === 'counts') return { step: reading.step };
  const trouble = reading.kind === 'error' ? 'Prometheus cannot be asked' : 'Prometheus has no data';
  return toNothing({ fromMs, toMs }, reading.kind, `${trouble}: ${reading.reason}.`);
}

/** The load balancer's own counters, which only grow: what came since the last look. The first look only begins. */
async function readTotals(
  { subject, memory }: Look,
  span: Span,
  { traffic }: Means,
  signal: AbortSignal,
): Promise<Counts | Measurement> {
  const { environmentId, traffic: moved } = subject;
  if (moved === undefined)
    return toNothing(span, 'error', 'The release moves no traffic whose counters could be read.');
  try {
    const target = await traffic.open(environmentId, moved.target);
    if (target === undefined) return toNothing(span, 'error', `There is no traffic target "${moved.target}" any more.`);
    try {
      if (target.count === undefined)
        return toNothing(span, 'error', `Traffic target "${moved.target}" counts nothing.`);
      const { candidate, baseline } = await target.count(signal);
      const totals: Totals = {
        atMs: span.toMs,
        candidate: [candidate.requests, candidate.errors],
        baseline: [baseline.requests, baseline.errors],
      };
      return subtract(totals, totalsOf(memory), span);
    } finally {
      await target.close();
    }
  } catch (error) {
    if (!(error instanceof TrafficError)) throw error;
    return toNothing(span, 'error', error.message);
  }
}

function subtract(now: Totals, before: Totals | null, { fromMs, toMs }: Span): Counts {
  const { candidate, baseline } = before ?? now;
  const isReset = [0, 1].some(
    (at) => (now.candidate[at] ?? 0) < (candidate[at] ?? 0) || (now.baseline[at] ?? 0) < (baseline[at] ?? 0),
  );
  // It began anew in between: how much it counted before that is not known.
  const since = (total: Totals['candidate'], earlier: Totals['candidate']): [number, number] =>
    isReset ? [0, 0] : [total[0] - earlier[0], Math.min(total[1] - earlier[1], total[0] - earlier[0])];
  const step = { fromMs, toMs, candidate: since(now.candidate, candidate), baseline: since(now.baseline, baseline) };
  return { step, totals: now };
}
