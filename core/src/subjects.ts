import { NATIVE } from './bucketing/bucketer.ts';
import { murmur, murmurPrefix } from './bucketing/murmur.ts';
import { subjectOf } from './compile/subject.ts';
import { compilePath, plainContext } from './conditions/attribute.ts';
import type { Evaluation } from './evaluation.ts';
import type { EvaluationContext, Flag, Split } from './model.ts';

/** Slices that the subjects of a split fall into, all about as large. */
const SLICES = 100;

/** Whom an outcome is about. */
export interface Subjects {
  /** What the split hashed, or else the targeting key; undefined when the context has none. Never throws. */
  read(context: EvaluationContext): string | undefined;
  /**
   * Which of 100 slices a subject is in, 0 to 99; only of a split whose flag has `slices`. Says nothing about the
   * variant: the slices' hash is another one than the split's.
   */
  readonly sliceOf: ((subject: string) => number) | undefined;
  /** How first exposures are counted; only of a split whose flag has `slices`. */
  readonly firsts: FirstExposureHash | undefined;
}

interface FirstExposureHash {
  /** Of the split, as `markOf` has it. */
  readonly mark: number;
  /**
   * A hash of a subject, 0 to 2^32 - 1: another one for each flag, rule and mark, so whom a changed split serves counts anew.
   * Says nothing about the variant.
   */
  hash(subject: string): number;
}

const MARK = murmurPrefix('split-mark:');

/** A hash of what a split gives to whom, 0 to 2^32 - 1: another one when that changes. */
export function markOf({ by, seed, bucketer, layer, ranges, schedule = [] }: Split): number {
  const toText = (some: Split['ranges']) => some.map(({ variant, from, to }) => [variant, from, to]);
  const steps = schedule.map(({ atMs, linear, ranges }) => [atMs, linear === true, toText(ranges)]);
  return murmur(MARK, JSON.stringify([by, seed, bucketer, layer, toText(ranges), steps])) >>> 0;
}

/** @param flag the flag's document if the outcome is of a split */
export function describeSubjects(
  flag: Flag | undefined,
  outcome: Evaluation,
  ambient: EvaluationContext | undefined,
): Subjects {
  const split = flag && findSplit(flag, outcome.metadata.ruleId);
  const readPath = compilePath(split?.by ?? 'targetingKey', ambient);
  return {
    read: (context) => {
      try {
        return subjectOf(readPath(plainContext(context)));
      } catch {
        return undefined;
      }
    },
    sliceOf: flag?.slices === true ? compileSlices(flag.bucketKey ?? flag.key) : undefined,
    firsts: flag?.slices === true && split ? compileFirsts(flag.key, outcome.metadata.ruleId, split) : undefined,
  };
}

function findSplit(flag: Flag, ruleId: unknown): Split | undefined {
  const serve = ruleId === undefined ? flag.defaultRule : (flag.rules ?? []).find((rule) => rule.id === ruleId)?.serve;
  return serve !== undefined && 'split' in serve ? serve.split : undefined;
}

function compileSlices(bucketKey: string): (subject: string) => number {
  const hash = NATIVE.prepare(`slice:${bucketKey}`);
  return (subject) => Math.floor(((hash(subject) + 2 ** 31) * SLICES) / 2 ** 32);
}

function compileFirsts(flagKey: string, ruleId: unknown = '', split: Split): FirstExposureHash {
  const mark = markOf(split);
  const seed = murmurPrefix(`first:${flagKey}:${ruleId}:${mark}:`);
  return { mark, hash: (subject) => murmur(seed, subject) >>> 0 };
}
