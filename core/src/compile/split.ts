import { findBucketer, NATIVE } from '../bucketing/bucketer.ts';
import { toPieces } from '../bucketing/pieces.ts';
import { compilePath } from '../conditions/attribute.ts';
import type { Evaluation } from '../evaluation.ts';
import type { Flag, Split } from '../model.ts';
import type { Metadata, Outcomes } from './outcomes.ts';
import type { Serving } from './run.ts';
import { subjectOf } from './subject.ts';

/** Compiles a weighted distribution. */
export function compileSplit(split: Split, flag: Flag, outcomes: Outcomes, metadata?: Metadata): Serving {
  const by = split.by ?? 'targetingKey';
  const read = compilePath(by);
  const hash = (findBucketer(split.bucketer) ?? NATIVE).prepare(split.seed ?? flag.bucketKey ?? flag.key);
  const missing = outcomes.fail(
    'TARGETING_KEY_MISSING',
    `The split needs the attribute "${by}" as a non-empty string or an integer; give it in the context`,
    metadata,
  );
  const choose = compileChoice(split, flag, outcomes, metadata);
  return (context) => {
    const subject = subjectOf(read(context));
    return subject === undefined ? missing : choose(hash(subject));
  };
}

function compileChoice(
  split: Split,
  flag: Flag,
  outcomes: Outcomes,
  metadata?: Metadata,
): (hash: number) => Evaluation {
  const { lasts, variants } = toPieces(split.ranges);
  const served = variants.map((variant) => outcomes.serve(variant ?? flag.offVariant, 'SPLIT', metadata));
  const [first, second] = served;
  const [firstLast] = lasts;
  if (served.length === 1 && first !== undefined) return () => first;
  if (served.length === 2 && first !== undefined && second !== undefined && firstLast !== undefined) {
    return (hash) => (hash <= firstLast ? first : second);
  }
  const end = served.at(-1) ?? outcomes.serve(flag.offVariant, 'SPLIT', metadata);
  return (hash) => {
    for (let i = 0; i < lasts.length; i++) if (hash <= (lasts[i] as number)) return served[i] as Evaluation;
    return end;
  };
}
