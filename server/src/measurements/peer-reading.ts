import { Type } from '@sinclair/typebox';
import { ApiError } from '../http/api-error.ts';
import { compileValidator } from '../http/validate.ts';
import type { ComparisonCountText } from './comparison-counts.ts';
import { DIMENSIONS, type Dimension, type Labels } from './labels.ts';
import type { PathCountText } from './path-counts.ts';
import type { Query, Reading } from './reading.ts';

/** What one server asks another about a flag, and what it is answered. Newer servers may say more. */

const Text = Type.String({ maxLength: 200 });
const Count = Type.Integer({ minimum: 0 });
const Time = Type.Number({ minimum: 0, maximum: 8.64e15 });

const queries = compileValidator<Query>(
  Type.Object({
    environmentId: Text,
    flag: Text,
    fromMs: Time,
    toMs: Time,
    stepMs: Type.Optional(Type.Integer({ minimum: 1 })),
    by: Type.Array(Type.Union(DIMENSIONS.map((dimension) => Type.Literal(dimension))), { maxItems: DIMENSIONS.length }),
  }),
);

/** A reading as it travels. */
interface ReadingText {
  readonly paths: readonly { readonly atMs: number; readonly labels: Labels; readonly counts: PathCountText }[];
  readonly comparisons: readonly {
    readonly atMs: number;
    readonly labels: Labels;
    readonly counts: ComparisonCountText;
  }[];
}

const LabelsSchema = Type.Partial(
  Type.Object(Object.fromEntries(DIMENSIONS.map((dimension) => [dimension, Text])) as Record<Dimension, typeof Text>),
);

const readings = compileValidator<ReadingText>(
  Type.Object({
    paths: Type.Array(
      Type.Object({
        atMs: Time,
        labels: LabelsSchema,
        counts: Type.Object({
          count: Count,
          errors: Count,
          timeouts: Count,
          durations: Type.Optional(Type.String()),
          failing: Type.Optional(Type.String()),
          slices: Type.Optional(Type.Array(Count, { maxItems: 300 })),
        }),
      }),
    ),
    comparisons: Type.Array(
      Type.Object({
        atMs: Time,
        labels: LabelsSchema,
        counts: Type.Object({ compared: Count, mismatched: Count, skipped: Count }),
      }),
    ),
  }),
);

export function toAsk(query: Query): string {
  return new URLSearchParams({ ask: JSON.stringify(query) }).toString();
}

/** @throws {ApiError} when it is not such a question */
export function readAsk(text: string): Query {
  let query: unknown;
  try {
    query = JSON.parse(text);
  } catch {
    // Said below: it is not such a question either way.
  }
  if (queries.is(query)) return query;
  throw new ApiError('bad_request', 'This server does not understand what it was asked: upgrade the older of the two.');
}

export function writeReading({ paths, comparisons }: Reading): ReadingText {
  return {
    paths: paths.map(({ atMs, labels, counts }) => ({ atMs, labels, counts: counts.toText() })),
    comparisons: comparisons.map(({ atMs, labels, counts }) => ({ atMs, labels, counts: counts.toText() })),
  };
}

/** Undefined when it is not a reading. A sketch that cannot be read counts as none. */
export function readReading(body: unknown): ReadingText | undefined {
  return readings.is(body) ? body : undefined;
}
