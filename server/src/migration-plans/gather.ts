import { compareVersions, parseVersion } from '@bunting/core';
import type { Kills } from '../kills/kills.ts';
import type { Installation } from '../receipts/installation.ts';
import { findObstacle } from '../releases/gather.ts';
import type { Rulesets } from '../rulesets/rulesets.ts';
import type { Querier } from '../store/tables.ts';
import { served } from './actions.ts';
import type { Definition } from './definition.ts';
import type { PlanFacts } from './machine.ts';
import { comparePhases } from './phase.ts';
import { definitionOf, stateOf } from './plan.ts';
import type { PlacedPlan } from './repository.ts';
import { findPlanFlag, stagesServed } from './serve-stage.ts';
import type { PlanState } from './state.ts';

export interface Surroundings {
  readonly kills: Pick<Kills, 'find'>;
  readonly rulesets: Pick<Rulesets, 'get'>;
  readonly installation: Pick<Installation, 'list'>;
}

/** Instances of a page, and names of them that are told. */
const PAGE = 999;
const MAX_NAMES = 5;

/** What the machine wants to know of a plan's surroundings. @param towards where it is asked to go, for who looks ahead */
export async function gather(
  db: Querier,
  surroundings: Surroundings,
  plan: PlacedPlan,
  nowMs: number,
  towards = stateOf(plan).wanted,
): Promise<PlanFacts> {
  const [definition, state] = [definitionOf(plan), stateOf(plan)];
  const isForward = comparePhases(towards, state.phase) > 0;
  const needsFleet = isForward && comparePhases(towards, 'backfill') >= 0;
  return {
    nowMs,
    noGrowth: isForward ? await findObstacle(db, plan.environment_id, plan.environment, nowMs) : undefined,
    flagProblem: await findFlagProblem(db, surroundings, plan, state, definition),
    laggards: needsFleet ? await findLaggards(surroundings, plan.environment_id, definition) : undefined,
  };
}

/** What someone else made of the flag. While a move is under way it may serve either side of it. */
async function findFlagProblem(
  db: Querier,
  { kills }: Surroundings,
  plan: PlacedPlan,
  { phase, move }: PlanState,
  definition: Definition,
): Promise<string | undefined> {
  if (plan.flag_id === null) return undefined;
  const flag = await findPlanFlag(db, plan);
  if (flag === undefined || flag.row.archived_at !== null) {
    return 'The flag of the plan is gone: restore it, or give the plan another one.';
  }
  const { project, environment } = plan;
  const { key } = flag.row;
  if (kills.find({ project, environment, flag: key }) !== undefined) {
    return `Flag "${key}" is killed in ${environment}: re-arm it to go on, or go back.`;
  }
  if (move !== undefined) return undefined;
  const { stage, safe } = served(definition, phase);
  const wrong = [...stagesServed(flag)].filter((other) => other !== stage && other !== safe);
  if (wrong.length === 0) return undefined;
  return (
    `Flag "${key}" may serve ${wrong.join(' and ')} in ${environment}, but ${phase} wants ${stage}: someone changed it. ` +
    'What was written meanwhile may be on one side only. Set it right and go back to dual_write, so that rows are copied again.'
  );
}

/** Who does not run the code that a plan needs. That nobody is connected is no proof. */
async function findLaggards(
  { rulesets, installation }: Surroundings,
  environmentId: string,
  { code }: Definition,
): Promise<string | undefined> {
  if (code === undefined) {
    return 'Say in code.version from which version on the application does without what is old: only then it can be told that all instances run it.';
  }
  const ruleset = rulesets.get(environmentId);
  if (ruleset === undefined) return 'Its environment is not loaded yet.';
  const { app, version } = code;
  const names: string[] = [];
  let seen = 0;
  let lacking = 0;
  for (let after: readonly string[] | null = null; ; ) {
    const { items } = await installation.list(ruleset, { list: 'instances', after, limit: PAGE, app });
    for (const { id, deploy } of items) {
      seen += 1;
      if (deploy?.version !== undefined && runs(deploy.version, version)) continue;
      lacking += 1;
      if (names.length < MAX_NAMES) names.push(`${id} (${deploy?.version ?? 'no version'})`);
    }
    const last = items.at(-1);
    if (items.length < PAGE || last === undefined) break;
    after = [last.id];
  }
  const whose = app === undefined ? '' : ` of ${app}`;
  if (seen === 0) return `No instance${whose} is connected: nobody can tell that ${version} runs everywhere.`;
  if (lacking === 0) return undefined;
  const more = lacking > names.length ? ` and ${lacking - names.length} more` : '';
  return `Of ${seen} instances${whose} ${lacking} do not run ${version} or later: ${names.join(', ')}${more}.`;
}

/** Versions that are none by semver.org must be the same. */
function runs(version: string, wanted: string): boolean {
  const [is, least] = [parseVersion(version), parseVersion(wanted)];
  return is === undefined || least === undefined ? version === wanted : compareVersions(is, least) >= 0;
}
