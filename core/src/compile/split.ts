import { findBucketer, NATIVE } from '../bucketing/bucketer.ts';
import { toPieces } from '../bucketing/pieces.ts';
import { compilePath } from '../conditions/attribute.ts';
import type { Test } from '../conditions/condition.ts';
import type { Evaluation } from '../evaluation.ts';
import type { Flag, Split } from '../model.ts';
import { FALSE, TRUE, UNKNOWN } from '../truth.ts';
import { compileClaim } from './claim.ts';
import type { Links } from './links.ts';
import type { Metadata, Outcomes } from './outcomes.ts';
import { compileSchedule } from './schedule.ts';
import type { Serving } from './scope.ts';
import { subjectOf } from './subject.ts';

/** What a flag is compiled with. */
export interface FlagParts {
  readonly flag: Flag;
  readonly outcomes: Outcomes;
  readonly links: Links;
}

/** Compiles a weighted distribution. Undefined for subjects outside the flag's claim on its layer. */
export function compileSplit(split: Split, parts: FlagParts, metadata?: Metadata): Serving {
  const distribute = compileDistribution(split, parts, metadata);
  if (split.layer === undefined) return distribute;
  const { layer } = split;
  const { flag, outcomes, links } = parts;
  const missing = missingSubject(outcomes, `the layer "${layer}"`, metadata);
  const claim = links.to<Test>(outside, (scope) => {
    const found = scope.findLayer(layer);
    return found === undefined ? outside : compileClaim(found, flag.key);
  });
  return (context, nowMs) => {
    const truth = claim.target(context, nowMs);
    if (truth === TRUE) return distribute(context, nowMs);
    return truth === UNKNOWN ? missing : undefined;
  };
}

const outside: Test = () => FALSE;

function compileDistribution(split: Split, { flag, outcomes, links }: FlagParts, metadata?: Metadata): Serving {
  const by = split.by ?? 'targetingKey';
  const read = compilePath(by);
  const hash = (findBucketer(split.bucketer) ?? NATIVE).prepare(seedOf(split, flag));
  const missing = missingSubject(outcomes, `"${by}"`, metadata);
  if (split.schedule !== undefined) {
    links.needTime();
    const ownerAt = compileSchedule(split);
    const served = new Map(flag.variants.map(({ name }) => [name, outcomes.serve(name, 'SPLIT', metadata)]));
    const off = outcomes.serve(flag.offVariant, 'SPLIT', metadata);
    return (context, nowMs) => {
      const subject = subjectOf(read(context));
      if (subject === undefined) return missing;
      const owner = ownerAt(hash(subject), nowMs);
      return owner === undefined ? off : (served.get(owner) ?? off);
    };
  }
  const choose = compileChoice(split, flag, outcomes, metadata);
  return (context) => {
    const subject = subjectOf(read(context));
    return subject === undefined ? missing : choose(hash(subject));
  };
}

/** What is hashed in front of the subject. */
export function seedOf(split: Split, flag: Flag): string {
  return split.seed ?? flag.bucketKey ?? flag.key;
}

/** What a subject-less context is answered. `needed` names the attribute or layer. */
export function missingSubject(outcomes: Outcomes, needed: string, metadata?: Metadata): Evaluation {
  const message = `The context has no subject for ${needed}: give that attribute as a non-empty string or an integer`;
  return outcomes.fail('TARGETING_KEY_MISSING', message, metadata);
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
