import { findPresentFreeze } from '../freezes/repository.ts';
import { toTimestamp } from '../http/key-schema.ts';
import type { Kills } from '../kills/kills.ts';
import { findStop } from '../line/repository.ts';
import type { Querier } from '../store/tables.ts';
import type { Facts, FlagFacts } from './facts.ts';
import type { Phase } from './phase.ts';
import { specOf } from './release.ts';
import type { PlacedRelease } from './repository.ts';
import { type SeenFlag, seeFlags } from './see-flags.ts';

export interface Gathered {
  readonly facts: Facts;
  readonly seen: readonly SeenFlag[];
}

/** What the machine wants to know of a release's surroundings. */
export async function gather(
  db: Querier,
  kills: Pick<Kills, 'find'>,
  release: PlacedRelease,
  nowMs: number,
): Promise<Gathered> {
  const { project, environment, environment_id } = release;
  const isKilled = (flag: string) => kills.find({ project, environment, flag }) !== undefined;
  const seen = await seeFlags(db, environment_id, specOf(release).flags, isKilled);
  const noGrowth = await findObstacle(db, environment_id, environment, nowMs);
  const phase: Phase = release.phase as Phase;
  const problems = phase === 'preflight' ? seen.flatMap(({ facts }) => problemsOf(facts, environment)) : [];
  return { facts: { nowMs, flags: seen.map(({ facts }) => facts), problems, noGrowth }, seen };
}

/** Why nobody may be exposed now who is not. */
async function findObstacle(
  db: Querier,
  environmentId: string,
  environment: string,
  nowMs: number,
): Promise<string | undefined> {
  const freeze = await findPresentFreeze(db, environmentId, nowMs);
  if (freeze !== undefined) {
    return `Environment "${environment}" is frozen until ${toTimestamp(freeze.ends_at)} ("${freeze.name}").`;
  }
  const stop = await findStop(db, environmentId);
  if (stop === undefined) return undefined;
  return `The line is stopped since ${toTimestamp(stop.atMs)}, by ${stop.by.name} ("${stop.reason}"): resume it first.`;
}

/** What stands against a start, with what to do. */
function problemsOf({ flag, weightPer100k, isEnabled, isKilled, isGone }: FlagFacts, environment: string): string[] {
  const name = `Flag "${flag}"`;
  if (isGone) return [`${name} is archived, or has lost its rule: restore it first.`];
  if (isKilled) return [`${name} is killed in ${environment}: re-arm it first.`];
  if (!isEnabled) return [`${name} is off in ${environment}: turn it on first; it serves its baseline until then.`];
  if (weightPer100k === undefined) {
    return [
      `${name} serves something else than baseline and candidate, or follows a schedule: let it serve its baseline.`,
    ];
  }
  if (weightPer100k > 0) return [`${name} serves its candidate already: let it serve its baseline first.`];
  return [];
}
