import { NATIVE } from '../bucketing/bucketer.ts';
import { bucketOf } from '../bucketing/pieces.ts';
import type { HashInput } from '../compile/claim.ts';
import { subjectOf } from '../compile/subject.ts';
import { compilePath } from '../conditions/attribute.ts';
import type { EvaluationContext, Json } from '../model.ts';
import { TRUE, type Truth, UNKNOWN } from '../truth.ts';
import type { Place, TruthName } from './trace.ts';

const MAX_TEXT = 200;

export function nameTruth(truth: Truth): TruthName {
  if (truth === UNKNOWN) return 'unknown';
  return truth === TRUE ? 'true' : 'false';
}

/** A value from a context, as something that can be shown and sent. */
export function describeValue(value: unknown): Json {
  if (typeof value === 'string') return value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}...` : value;
  if (typeof value === 'boolean' || value === null || value === undefined) return value ?? null;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (Array.isArray(value))
    return value.slice(0, 20).map((item) => (typeof item === 'object' ? '...' : describeValue(item)));
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'an invalid Date' : value.toISOString();
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** Where the context's subject falls. */
export function findPlace({ by, seed }: HashInput, context: EvaluationContext, bucketer = NATIVE): Place {
  const subject = subjectOf(compilePath(by)(context));
  return { by, seed, subject, bucket: subject === undefined ? undefined : bucketOf(bucketer.prepare(seed)(subject)) };
}
