import { STEP } from '../../prometheus/counts.ts';
import { ask } from '../../prometheus/query.ts';
import type { GateOf } from '../gate.ts';
import type { Values } from '../kinds/prometheus.ts';
import type { Measurement, Span } from '../measurement.ts';
import { type Look, type Means, toData, toNothing } from './look.ts';
import { fillQuery, findEndpoint } from './queries.ts';
import { everyMsOf } from './schedule.ts';

const TIMEOUT_MS = 10_000;

/** Asks for one number of each side. NaN and no series are no data; what cannot be asked is an error. */
export async function measureValues(
  gate: GateOf<'prometheus' | 'mann_whitney'>,
  look: Look,
  span: Span,
  means: Means,
  signal: AbortSignal,
): Promise<Measurement> {
  const endpoint = await findEndpoint(means, look, gate.source);
  const askFor = (query: string) => {
    const text = fillQuery(query, look.subject).replaceAll(STEP, `${everyMsOf(gate) / 1_000}s`);
    return ask(means.policy, endpoint, { query: text, atMs: span.toMs, timeoutMs: TIMEOUT_MS }, signal);
  };
  const [candidate, baseline] = await Promise.all([
    askFor(gate.query),
    gate.baseline === undefined ? undefined : askFor(gate.baseline),
  ]);
  for (const [name, answer] of [['query', candidate] as const, ['baseline', baseline] as const]) {
    if (answer === undefined || answer.kind === 'number') continue;
    const trouble = answer.kind === 'error' ? 'Prometheus cannot be asked' : 'Prometheus has no data';
    return toNothing(span, answer.kind, `${trouble} (${name}): ${answer.reason}.`);
  }
  if (candidate.kind !== 'number') return toNothing(span, 'no_data', candidate.reason);
  const values: Values = {
    candidate: candidate.value,
    ...(baseline?.kind === 'number' ? { baseline: baseline.value } : {}),
  };
  return toData(span, values);
}
