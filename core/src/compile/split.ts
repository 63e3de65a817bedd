import { findBucketer, NATIVE } from '../bucketing/bucketer.ts';
import { toPieces } from '../bucketing/pieces.ts';
import { compilePath } from '../conditions/attribute.ts';
import type { Test } from '../conditions/step.ts';
import type { Evaluation } from '../evaluation.ts';
import type { Flag, Split } from '../model.ts';
import { FALSE, TRUE, UNKNOWN } from '../truth.ts';
import { compileClaim } from './claim.ts';
import { behindLease } from './lease.ts';
import type { Link, Links } from './links.ts';
import type { Metadata, Outcomes } from './outcomes.ts';
import { compileSchedule, type ScheduledOwner } from './schedule.ts';
import type { Decision, Serving } from './scope.ts';
import { spansOfSchedule } from './span.ts';
import { subjectOf } from './subject.ts';

/**
 * What a flag is compiled with. All closures of one function share what any of them uses, for as long as one of them
 * lives; so functions that return closures are kept small and are not handed the whole document.
 */
export interface FlagParts {
  readonly flag: Flag;
  readonly outcomes: Outcomes;
  readonly links: Links;
}

/** Compiles a split. Undefined for subjects outside the flag's claim on its layer. */
export function compileSplit(split: Split, parts: FlagParts, metadata?: Metadata): Serving {
  const distribute = compileDistribution(split, parts, metadata);
  if (split.layer === undefined) return distribute;
  const claim = linkClaim(split.layer, parts.flag.key, parts.links);
  const missing = missingSubject(parts.outcomes, `the layer "${split.layer}"`, metadata);
  return withinClaim(distribute, claim, missing);
}

function linkClaim(layer: string, flagKey: string, links: Links): Link<Test> {
  return links.to<Test>(outside, (scope) => {
    const found = scope.findLayer(layer);
    return found === undefined ? outside : compileClaim(found, flagKey, links.ambient);
  });
}

const outside: Test = () => FALSE;

function withinClaim(distribute: Decision, claim: Link<Test>, missing: Evaluation): Serving {
  return (context, nowMs) => {
    const truth = claim.target(context, nowMs);
    if (truth === TRUE) return distribute(context, nowMs);
    return truth === UNKNOWN ? missing : undefined;
  };
}

/** Compiles the weighted distribution of a split, without its layer. */
export function compileDistribution(split: Split, parts: FlagParts, metadata?: Metadata): Decision {
  const decide = compileDraw(split, parts, metadata);
  return split.lease === undefined ? decide : behindLease(decide, split.lease, parts, metadata);
}

function compileDraw(split: Split, { flag, outcomes, links }: FlagParts, metadata?: Metadata): Decision {
  const by = split.by ?? 'targetingKey';
  const read = compilePath(by, links.ambient);
  const hash = (findBucketer(split.bucketer) ?? NATIVE).prepare(seedOf(split, flag));
  const missing = missingSubject(outcomes, `"${by}"`, metadata);
  if (split.schedule !== undefined) {
    links.needTime(spansOfSchedule(split.schedule));
    const chooseAt = compileScheduledChoice(compileSchedule(split), flag, outcomes, metadata);
    return (context, nowMs) => {
      const subject = subjectOf(read(context));
      return subject === undefined ? missing : chooseAt(hash(subject), nowMs);
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

function compileScheduledChoice(
  ownerAt: ScheduledOwner,
  flag: Flag,
  outcomes: Outcomes,
  metadata?: Metadata,
): (hash: number, nowMs: number) => Evaluation {
  const off = outcomes.serve(flag.offVariant, 'SPLIT', metadata);
  const served = new Map<string | undefined, Evaluation>();
  for (const { name } of flag.variants) served.set(name, outcomes.serve(name, 'SPLIT', metadata));
  return (hash, nowMs) => served.get(ownerAt(hash, nowMs)) ?? off;
}

function compileChoice(
  split: Split,
  flag: Flag,
  outcomes: Outcomes,
  metadata?: Metadata,
): (hash: number) => Evaluation {
  const { lasts, variants } = toPieces(split.ranges);
  const served: Evaluation[] = [];
  for (const variant of variants) served.push(outcomes.serve(variant ?? flag.offVariant, 'SPLIT', metadata));
  const [first, second] = served;
  const [firstLast] = lasts;
  if (served.length === 1 && first !== undefined) return () => first;
  if (served.length === 2 && first !== undefined && second !== undefined && firstLast !== undefined) {
    return (hash) => (hash <= firstLast ? first : second);
  }
  return chooseAmong(lasts, served, served.at(-1) ?? outcomes.serve(flag.offVariant, 'SPLIT', metadata));
}

function chooseAmong(lasts: readonly number[], served: readonly Evaluation[], end: Evaluation) {
  return (hash: number): Evaluation => {
    for (let i = 0; i < lasts.length; i++) if (hash <= (lasts[i] as number)) return served[i] as Evaluation;
    return end;
  };
}
