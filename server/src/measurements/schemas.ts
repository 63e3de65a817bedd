import { type TProperties, Type } from '@sinclair/typebox';
import { Key, Timestamp } from '../http/key-schema.ts';
import { oneOf } from '../http/literals.ts';
import { refTo } from '../http/ref.ts';

const Share = Type.Union([Type.Number(), Type.Null()], { description: '0 to 1; null where nothing was counted' });
const Milliseconds = Type.Union([Type.Number(), Type.Null()], {
  description: 'Of what ended in time, to 2.5 %; null where nothing did',
});

const COUNTS = {
  count: Type.Integer({ description: 'How often it ran' }),
  errors: Type.Integer({ description: 'Of these, how often it failed' }),
  errorRate: Share,
  timeouts: Type.Integer({ description: 'Of these, how often it was not done by its deadline; nobody waited for it' }),
  p50Ms: Milliseconds,
  p90Ms: Milliseconds,
  p99Ms: Milliseconds,
  failingSubjects: Type.Integer({ description: 'For how many different subjects it failed, to 6.5 %' }),
};
const COMPARED = {
  compared: Type.Integer({ description: 'How often the results of two sides were compared' }),
  mismatched: Type.Integer({ description: 'Of these, how often they differed' }),
  mismatchRate: Share,
  skipped: Type.Integer({ description: 'Not compared: a side failed or was late, or too many were under way' }),
};

const LABELS = {
  variant: Type.String({ description: "That the flag served; empty where it was the caller's default" }),
  rule: Type.Optional(Type.String({ description: 'Id of the rule that decided; empty: the default rule, or none' })),
  reason: Type.Optional(Type.String()),
  version: Type.Optional(Type.String({ description: 'Of the deploy; empty where the host says none' })),
  instance: Type.Optional(Type.String()),
};

const series = <T extends TProperties>($id: string, path: string, counts: T) =>
  Type.Object(
    {
      ...LABELS,
      path: Type.String({ description: path }),
      totals: Type.Object(counts, { additionalProperties: false }),
      points: Type.Array(Type.Object({ at: Timestamp, ...counts }, { additionalProperties: false }), {
        description: 'Ascending; steps in which nothing was measured are left out',
      }),
    },
    { $id, additionalProperties: false },
  );

export const PathSeriesSchema = series(
  'PathSeries',
  'run, read.old, read.new, write.old, write.new, current or candidate',
  COUNTS,
);
export const ComparisonSeriesSchema = series('ComparisonSeries', 'read or shadow', COMPARED);

export const MeasurementsSchema = Type.Object(
  {
    from: Timestamp,
    to: Timestamp,
    stepS: Type.Integer({ description: 'Length of a step, in seconds' }),
    paths: Type.Array(refTo(PathSeriesSchema)),
    comparisons: Type.Array(refTo(ComparisonSeriesSchema)),
    incomplete: Type.Array(Type.String(), { description: 'Servers that did not answer: what they know is missing' }),
  },
  { $id: 'Measurements', additionalProperties: false },
);

const Moment = Type.String({ maxLength: 40, description: 'RFC 3339, such as 2030-01-31T12:00:00Z' });

export const MeasurementsQuery = Type.Object(
  {
    from: Type.Optional(Moment),
    to: Type.Optional(Moment),
    step: Type.Optional(Type.Integer({ minimum: 1, maximum: 86_400, description: 'Length of a step, in seconds' })),
    by: Type.Optional(oneOf('variant', 'rule', 'version', 'instance')),
  },
  { additionalProperties: false },
);

export const MeasurementsParams = Type.Object(
  { project: Key, environment: Key, flag: Key },
  { additionalProperties: false },
);
