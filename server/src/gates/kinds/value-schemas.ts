import { Type } from '@sinclair/typebox';
import { Key } from '../../http/key-schema.ts';
import { oneOf } from '../../http/literals.ts';
import { closed, common, query, steady } from './common.ts';

/** Is a number within its bounds? */
export const PrometheusGate = Type.Object(
  {
    kind: Type.Literal('prometheus'),
    ...common,
    ...steady,
    source: Key,
    query: query(),
    baseline: Type.Optional(query('With it the number is `query` in relation to this one')),
    compare: Type.Optional(oneOf('ratio', 'difference')),
    atLeast: Type.Optional(Type.Number()),
    atMost: Type.Optional(Type.Number()),
  },
  {
    ...closed,
    description:
      'A number, or the candidate in relation to the baseline (ratio unless given), between atLeast and atMost. It is no ' +
      'statistical test: where it is about counts of errors, sequential raises fewer false alarms',
  },
);

/** Did a gauge shift? */
export const MannWhitneyGate = Type.Object(
  {
    kind: Type.Literal('mann_whitney'),
    ...common,
    source: Key,
    query: query(),
    baseline: query(),
    direction: Type.Optional(oneOf('increase', 'decrease', 'either')),
    confidence: Type.Optional(Type.Number({ minimum: 0.5, maximum: 0.9999, description: '0.98 unless given' })),
    tolerance: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 10,
        description:
          'A part of the estimated shift, as in Kayenta: it fails where the lower end of the interval is more than this ' +
          'times the estimate. 0.25 unless given',
      }),
    ),
    atLeastRatio: Type.Optional(
      Type.Number({
        exclusiveMinimum: 1,
        maximum: 1_000,
        description: 'Means that differ by less than this factor are no harm. 1.2 unless given',
      }),
    ),
    minPoints: Type.Optional(
      Type.Integer({
        minimum: 10,
        maximum: 500,
        description: 'Of each side, before it says anything. 50 unless given',
      }),
    ),
  },
  {
    ...closed,
    description:
      'Compares two gauges, such as memory or queue lengths, by the test that Kayenta made known (Mann-Whitney). For ' +
      'counts of errors choose sequential',
  },
);
