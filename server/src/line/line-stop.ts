import type { Static } from '@sinclair/typebox';
import type { Actor } from '../audit/actor.ts';
import { toTimestamp } from '../http/key-schema.ts';
import type { LineStopSchema } from './schemas.ts';

/** When everything that grows by itself was stopped last, in a project or in one environment. */
export interface LineStop {
  /** Milliseconds since 1970, UTC. */
  readonly atMs: number;
  readonly by: Actor;
  readonly reason: string;
  /** Absent: it is stopped. */
  readonly resumedAtMs?: number;
}

/** @param column `line` of a project or an environment */
export function lastStop(column: string | null): LineStop | undefined {
  return column === null ? undefined : (JSON.parse(column) as LineStop);
}

/** The stop that is in force. */
export function presentStop(column: string | null): LineStop | undefined {
  const stop = lastStop(column);
  return stop?.resumedAtMs === undefined ? stop : undefined;
}

/** For what waits while the line is stopped: for how long of the time since `sinceMs` it was. */
export function stoppedForMs(stop: LineStop | undefined, sinceMs: number, nowMs: number): number {
  if (stop === undefined) return 0;
  return Math.max(0, Math.min(stop.resumedAtMs ?? nowMs, nowMs) - Math.max(stop.atMs, sinceMs));
}

function showStop({ atMs, by, reason }: LineStop): Static<typeof LineStopSchema> {
  return { since: toTimestamp(atMs), by, reason };
}

/** As a field of an answer; none while the line is not stopped. */
export function stopField(column: string | null): { lineStopped?: Static<typeof LineStopSchema> } {
  const stop = presentStop(column);
  return stop === undefined ? {} : { lineStopped: showStop(stop) };
}
