import { NATIVE } from '../bucketing/bucketer.ts';
import { bucketOf } from '../bucketing/pieces.ts';
import { compilePath } from '../conditions/attribute.ts';
import { truthOf } from '../conditions/matcher.ts';
import type { Test } from '../conditions/step.ts';
import type { EvaluationContext, Holdout, Layer } from '../model.ts';
import { UNKNOWN } from '../truth.ts';
import { subjectOf } from './subject.ts';

/** Whether a subject is in one of the flag's claims on a layer; unknown for a context without a subject. */
export function compileClaim(layer: Layer, flagKey: string, ambient?: EvaluationContext): Test {
  const claims = layer.claims.filter((claim) => claim.flag === flagKey);
  return compileBucketTest(
    layerHash(layer),
    (bucket) => {
      for (const { from, to } of claims) if (from <= bucket && bucket < to) return true;
      return false;
    },
    ambient,
  );
}

/** Whether a subject is held out; unknown for a context without a subject. */
export function compileHoldout(holdout: Holdout, ambient?: EvaluationContext): Test {
  return compileBucketTest(holdoutHash(holdout), (bucket) => bucket < holdout.sizePer100k, ambient);
}

/** What a layer or holdout hashes. No flag key has a slash, so by default none buckets as a flag does. */
export interface HashInput {
  readonly by: string;
  readonly seed: string;
}

export function layerHash({ key, by = 'targetingKey', seed = `layer/${key}` }: Layer): HashInput {
  return { by, seed };
}

export function holdoutHash({ key, by = 'targetingKey', seed = `holdout/${key}` }: Holdout): HashInput {
  return { by, seed };
}

function compileBucketTest(
  { by, seed }: HashInput,
  owns: (bucket: number) => boolean,
  ambient: EvaluationContext | undefined,
): Test {
  const read = compilePath(by, ambient);
  const hash = NATIVE.prepare(seed);
  return (context) => {
    const subject = subjectOf(read(context));
    return subject === undefined ? UNKNOWN : truthOf(owns(bucketOf(hash(subject))));
  };
}
