import { type Ramp, rampsOf } from '@bunting/core';
import type { Targeting } from '../flags/flag.ts';
import { ApiError } from '../http/api-error.ts';
import { toTimestamp } from '../http/key-schema.ts';
import type { Querier } from '../store/tables.ts';
import { findStop } from './repository.ts';

/**
 * Refuses a ramp that would expose more people by itself where the line is stopped, unless it was there before.
 * @throws {ApiError} `line_stopped`
 */
export async function refuseRamp(
  db: Querier,
  environment: { readonly id: string; readonly key: string },
  was: Targeting | undefined,
  becomes: Targeting,
  nowMs: number,
): Promise<void> {
  const growing = (targeting: Targeting) => rampsOf(targeting, nowMs).filter(({ grows }) => grows);
  const nameOf = ({ rule, split }: Ramp) => JSON.stringify([rule, split]);
  const known = new Set(was === undefined ? [] : growing(was).map(nameOf));
  const isNew = growing(becomes).some((ramp) => !known.has(nameOf(ramp)));
  if (!isNew) return;
  const stop = await findStop(db, environment.id);
  if (stop === undefined) return;
  const { key } = environment;
  throw new ApiError(
    'line_stopped',
    `The line is stopped in environment "${key}" since ${toTimestamp(stop.atMs)}, by ${stop.by.name} ("${stop.reason}"): no ramp ` +
      'may start or go on there. Leave its schedule out, or wait until the line is resumed (POST .../resume-the-line).',
    { environment: key },
  );
}
