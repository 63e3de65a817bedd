import { readEnvironment } from '../environments/repository.ts';
import type { MigrationGuard } from '../flags/migration-guard.ts';
import { findPresentFreeze } from '../freezes/repository.ts';
import { toTimestamp } from '../http/key-schema.ts';
import type { Kills } from '../kills/kills.ts';
import { findStop } from '../line/repository.ts';
import type { MigrationPlans } from '../migration-plans/service.ts';
import type { Querier } from '../store/tables.ts';
import { findUnapproved, type Leads } from './agreement.ts';
import type { Facts, FlagFacts, OutsideFacts } from './facts.ts';
import { findLeads } from './leads.ts';
import { findUnwatched } from './leases.ts';
import { BEFORE_START, FORWARD, type Phase } from './phase.ts';
import { specOf, stateOf, targetsOf } from './release.ts';
import { findNewer, type PlacedRelease } from './repository.ts';
import { type SeenFlag, seeFlags } from './see-flags.ts';

export interface Gathered {
  readonly facts: Facts;
  readonly seen: readonly SeenFlag[];
}

/** What tells of flags and migrations, and moves them. */
export interface Surroundings {
  readonly kills: Pick<Kills, 'find'>;
  readonly migrations: MigrationGuard;
  readonly plans: Pick<MigrationPlans, 'facts' | 'want'>;
}

/** What the machine wants to know of a release's surroundings. */
export async function gather(
  db: Querier,
  { kills, plans }: Pick<Surroundings, 'kills' | 'plans'>,
  release: PlacedRelease,
  nowMs: number,
  outside: OutsideFacts = {},
): Promise<Gathered> {
  const { project, environment, environment_id } = release;
  const isKilled = (flag: string) => kills.find({ project, environment, flag }) !== undefined;
  const seen = await seeFlags(db, environment_id, specOf(release).flags, isKilled);
  const noGrowth = await findObstacle(db, environment_id, environment, nowMs);
  const phase: Phase = release.phase as Phase;
  const problems = phase === 'preflight' ? seen.flatMap(({ facts }) => problemsOf(facts, environment)) : [];
  const { beganAtMs = 0 } = stateOf(release);
  const newer =
    phase === 'succeeded' ? await findNewer(db, { ...release, beganAtMs }, targetsOf(specOf(release))) : undefined;
  const leads = BEFORE_START.includes(phase) ? await findLeads(db, environment_id, specOf(release)) : undefined;
  const unapproved = phase === 'scheduled' && leads ? await findMissing(db, release, leads) : undefined;
  const isWatched = phase === 'preflight' || FORWARD.includes(phase);
  const unwatchedMs = isWatched ? await findUnwatched(db, release.id) : undefined;
  const { migration: plan } = specOf(release);
  const migration = plan && (await plans.facts(environment_id, plan.plan, db));
  return {
    facts: {
      ...{ ...outside, migration, nowMs, flags: seen.map(({ facts }) => facts), problems, noGrowth, newer },
      ...{ unwatchedMs, leads, unapproved },
    },
    seen,
  };
}

/** Why nobody may be exposed now who is not. */
export async function findObstacle(
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

async function findMissing(db: Querier, release: PlacedRelease, leads: Leads): Promise<string | undefined> {
  const { required_approvals: required } = await readEnvironment(db, release.environment_id);
  return findUnapproved(specOf(release), stateOf(release), leads, required);
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
  return [];
}
