import { compilePath } from '../conditions/attribute.ts';
import type { Evaluation } from '../evaluation.ts';
import type { EvaluationContext, Flag } from '../model.ts';
import type { Outcomes } from './outcomes.ts';
import type { Serving } from './scope.ts';
import { subjectOf } from './subject.ts';

/** Compiles individual targets: one look-up for each attribute that they name. The first target of a value wins. */
export function compileTargets(flag: Flag, outcomes: Outcomes, ambient?: EvaluationContext): Serving {
  const byAttribute = new Map<string, Map<string, { order: number; outcome: Evaluation }>>();
  for (const [order, { attribute = 'targetingKey', values, variant }] of (flag.targets ?? []).entries()) {
    const outcome = outcomes.serve(variant, 'TARGETING_MATCH', { cause: 'target' });
    const known = byAttribute.get(attribute) ?? new Map();
    byAttribute.set(attribute, known);
    for (const value of values) if (!known.has(value)) known.set(value, { order, outcome });
  }
  const lookups = [...byAttribute].map(([attribute, targets]) => ({ read: compilePath(attribute, ambient), targets }));
  return (context) => {
    let first: { order: number; outcome: Evaluation } | undefined;
    for (const { read, targets } of lookups) {
      const subject = subjectOf(read(context));
      const found = subject === undefined ? undefined : targets.get(subject);
      if (found !== undefined && (first === undefined || found.order < first.order)) first = found;
    }
    return first?.outcome;
  };
}
