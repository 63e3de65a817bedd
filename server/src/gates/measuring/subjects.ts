import { mergeSteps } from '../../safeguards/step.ts';
import type { GateOf } from '../gate.ts';
import type { Counts } from '../kinds/counts.ts';
import type { Measurement, Span } from '../measurement.ts';
import { findFlag, noFlag } from './flag-counts.ts';
import { type Look, type Means, toData, toNothing } from './look.ts';

/** Two looks of a watch follow each other to so much, in milliseconds: one clock says how long they took, another when. */
const SLACK_MS = 2;

/**
 * First exposures that the split of a flag made. Every server counts them for a safeguard of the sample ratio, so that one
 * must be there: what it was shown is judged here by this stage alone.
 */
export function measureSubjects(
  gate: GateOf<'sample_ratio'>,
  { subject }: Look,
  span: Span,
  { counting }: Pick<Means, 'counting'>,
): Measurement {
  const released = findFlag(subject, gate.flag);
  if (released === undefined) return toNothing(span, 'error', noFlag(gate.flag));
  const { flag, candidate, rule = '' } = released;
  const counted = counting();
  if (counted === undefined) return toNothing(span, 'error', 'This server has not begun to count subjects yet.');
  const { book, watch } = counted;
  const guards = book.of(subject.environmentId, flag).filter(({ metric }) => metric.kind === 'exposures');
  if (guards.length === 0) {
    const reason = `Nobody counts the subjects of "${flag}": give it a safeguard with the test sample_ratio.`;
    return toNothing(span, 'error', reason);
  }
  const found = guards
    .flatMap(({ id }) => watch.casesOf(id))
    .find((each) => each.flag === flag && each.sides.candidate === candidate && (each.rule ?? '') === rule);
  const steps = found?.steps.filter(({ fromMs }) => fromMs >= span.fromMs - SLACK_MS) ?? [];
  const expected = found?.spec.kind === 'sample_ratio' ? found.spec.expected : undefined;
  const [first, ...others] = steps;
  if (first === undefined || expected === undefined) {
    // Nobody came, or the split was changed a moment ago.
    const counts: Counts = { step: { ...span, candidate: [0, 0], baseline: [0, 0] } };
    return toData(span, counts);
  }
  const step = others.reduce(mergeSteps, first);
  const counts: Counts = { step, expected };
  return toData({ fromMs: span.fromMs, toMs: step.toMs }, counts);
}
