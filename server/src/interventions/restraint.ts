import { toTimestamp } from '../http/key-schema.ts';
import type { KillRecord } from '../kills/kill-record.ts';
import { CANARY } from './canary.ts';
import type { Cause, FlagTarget, Limits, Outcome } from './intervention.ts';

const HOUR_MS = 60 * 60 * 1000;

/** The kills that a restraint looks at. All of them are in memory, and the same on every server. */
export interface KnownKills {
  /** The flag's latest kill or re-arm. */
  readonly latest: KillRecord | undefined;
  /** Those in force in the flag's environment. */
  readonly here: readonly KillRecord[];
  /** Those in force everywhere. */
  readonly everywhere: readonly KillRecord[];
}

export type Restraint = Pick<Outcome, 'result' | 'reason' | 'killEpoch' | 'againAtMs'>;

/**
 * Why a flag is not to be killed now; undefined: it is. Kills are their own memory of what was done: it is shared by the
 * servers, outlives them, and needs no database to be looked at.
 */
export function findRestraint(
  cause: Cause,
  { flag }: FlagTarget,
  { latest, here, everywhere }: KnownKills,
  { maxKillsPerHour, coolDownMs }: Limits,
  nowMs: number,
): Restraint | undefined {
  if (latest?.engaged === true) {
    return { result: 'already', reason: `It was killed at ${toTimestamp(latest.atMs)}.`, killEpoch: latest.epoch };
  }
  // Who re-armed it knew of this, or could have: only what is found afterwards kills it again.
  const detectedAtMs = cause.detectedAtMs ?? cause.firstBadAtMs ?? cause.receivedAtMs ?? nowMs;
  if (latest !== undefined && detectedAtMs <= latest.atMs) {
    const reason = `${latest.actor.name} re-armed it at ${toTimestamp(latest.atMs)}, after this was found.`;
    return { result: 'already', reason };
  }
  // A drill kills a flag that exists for it.
  if (cause.kind === 'drill') return undefined;
  // What was bad before a kill is not its consequence.
  const beganAtMs = cause.firstBadAtMs ?? detectedAtMs;
  const source = here
    .filter(
      (kill) => kill.flag !== flag && kill.flag !== CANARY && kill.atMs <= beganAtMs && nowMs < kill.atMs + coolDownMs,
    )
    .sort((a, b) => b.atMs - a.atMs)[0];
  if (source !== undefined) {
    const againAtMs = source.atMs + coolDownMs;
    const since = `It began after "${source.flag}" was killed at ${toTimestamp(source.atMs)}, and may come from that`;
    return { result: 'cooling_down', reason: `${since}: not before ${toTimestamp(againAtMs)}.`, againAtMs };
  }
  const { kind, id, name } = cause.actor;
  const killed = everywhere.filter(
    ({ actor, atMs }) => actor.kind === kind && actor.id === id && atMs > nowMs - HOUR_MS,
  );
  if (killed.length < maxKillsPerHour) return undefined;
  return { result: 'rate_limited', reason: `${name} has killed ${killed.length} flags within an hour.` };
}
