import { Type } from '@sinclair/typebox';
import { compileValidator } from '../http/validate.ts';
import type { FirstsReading } from './first-exposures.ts';
import type { RunningReading } from './running-counts.ts';

const Text = Type.String({ maxLength: 200 });
const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

/** Newer servers may say more. */
const readings = compileValidator<RunningReading>(
  Type.Object({
    upTo: Count,
    cells: Type.Array(
      Type.Object({
        id: Count,
        environmentId: Text,
        flag: Text,
        variant: Text,
        rule: Text,
        reason: Text,
        path: Text,
        version: Text,
        count: Count,
        bad: Count,
        subjects: Type.Optional(Count),
        slices: Type.Optional(Type.Array(Count, { maxItems: 300 })),
        durations: Type.Optional(Type.String({ maxLength: 10_000 })),
      }),
      { maxItems: 100_000 },
    ),
  }),
);

/** What another server answered; undefined when it is not a reading. */
export function readRunning(body: unknown): RunningReading | undefined {
  return readings.is(body) ? body : undefined;
}

const Hash = Type.Integer({ minimum: 0, maximum: 2 ** 32 - 1 });

const firsts = compileValidator<FirstsReading>(
  Type.Object({
    upTo: Count,
    cells: Type.Array(
      Type.Object({
        environmentId: Text,
        flag: Text,
        rule: Text,
        variant: Text,
        mark: Hash,
        hashes: Type.Array(Hash, { maxItems: 100_000 }),
      }),
      { maxItems: 100_000 },
    ),
  }),
);

/** What another server answered of first exposures; undefined when it is not a reading, as of older servers. */
export function readFirsts(body: unknown): FirstsReading | undefined {
  return firsts.is(body) ? body : undefined;
}
