import type { Static } from '@sinclair/typebox';
import { requirePermission } from '../access/guard.ts';
import type { Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import { findEnvironments } from '../environments/repository.ts';
import { requireProject } from '../environments/service.ts';
import { sourcesOfGates } from '../gates/check-gates.ts';
import type { Trials } from '../gates/trials.ts';
import { notFound, type Problem, validationFailed } from '../http/api-error.ts';
import type { MigrationPlans } from '../migration-plans/service.ts';
import { findDataSource } from '../prometheus/repository.ts';
import { newId } from '../store/new-id.ts';
import type { EnvironmentRow, ProjectRow } from '../store/tables/flags.ts';
import type { Database, Querier } from '../store/tables.ts';
import type { TrafficTargets } from '../traffic/targets.ts';
import { refuseUnworkable } from './check-spec.ts';
import { refuseUnfit } from './check-target.ts';
import { findHeld } from './find-held.ts';
import { readSpec } from './read-spec.ts';
import type { StoredSpec } from './release.ts';
import { insertRelease, type PlacedRelease } from './repository.ts';
import type { ReleaseInput } from './schemas.ts';
import type { Spec } from './spec.ts';
import { FIRST_STATE } from './state.ts';
import { refuseUnplanned } from './ways-back.ts';

export interface DraftMeans {
  readonly database: Database;
  readonly changes: Changes;
  readonly trials: Pick<Trials, 'lint'>;
  readonly plans: Pick<MigrationPlans, 'facts'>;
  readonly targets: Pick<TrafficTargets, 'open'>;
}

/** Makes a release, of which nothing is begun. @throws {ApiError} `validation_failed` with all that cannot work */
export async function makeDraft(
  means: DraftMeans,
  caller: Caller,
  projectKey: string,
  input: Static<typeof ReleaseInput>,
): Promise<PlacedRelease> {
  const { title, environment: environmentKey } = input;
  const written = await refuseUnworkableHere(means, caller, projectKey, input);
  const { result } = await means.changes.commit(caller, async (draft) => {
    const project = await requireProject(draft.tx, projectKey);
    const environment = await requireEnvironment(draft.tx, project, environmentKey);
    const at = { project: projectKey, environment: environmentKey };
    const place = { ...at, project_id: project.id, environment_id: environment.id };
    const spec = await toStoredSpec(draft.tx, means.plans, place, written);
    const row = {
      ...{ id: newId(draft.atMs), project_id: project.id, environment_id: environment.id, title },
      ...{ spec: JSON.stringify(spec), state: JSON.stringify(FIRST_STATE), phase: FIRST_STATE.phase },
      ...{ starts_at: null, created_by: JSON.stringify(caller.actor) },
      ...{ version: 1, created_at: draft.atMs, updated_at: draft.atMs },
    };
    await insertRelease(draft.tx, row);
    await draft.audit({
      ...{ action: 'release.created', ...at, target: { kind: 'release', key: row.id } },
      after: { title, ...spec },
    });
    return { ...row, ...at };
  });
  return result;
}

/**
 * What was written, with all that was left out filled in. Targets, and what gates look at, are outside: this comes before a
 * transaction.
 * @throws {ApiError} `validation_failed` with what can never work, or not with what there is; `forbidden`
 */
export async function refuseUnworkableHere(
  { database, trials, targets }: DraftMeans,
  caller: Caller,
  projectKey: string,
  input: Static<typeof ReleaseInput>,
): Promise<Spec> {
  const at = { project: projectKey, environment: input.environment };
  requirePermission(caller, 'release:write', at);
  const written = readSpec(input);
  refuseUnworkable(written);
  const found = await requireEnvironment(database, await requireProject(database, projectKey), input.environment);
  await refuseUnfit(targets, found, written);
  const { problems } = await trials.lint(at, written);
  if (problems.length > 0) throw validationFailed(problems);
  return written;
}

/** A spec with the ids of its flags. @throws {ApiError} `validation_failed` with what it names that is not there */
export async function toStoredSpec(
  db: Querier,
  plans: DraftMeans['plans'],
  place: Pick<PlacedRelease, 'project_id' | 'environment_id' | 'environment'>,
  written: Spec,
): Promise<StoredSpec> {
  const environment = { id: place.environment_id, key: place.environment };
  await refuseUnread(db, place.project_id, written);
  await refuseUnplanned(db, plans, environment, written);
  return { ...written, flags: await findHeld(db, { id: place.project_id }, environment, written.flags) };
}

/** @throws {ApiError} `validation_failed` where a gate reads what is not there */
export async function refuseUnread(db: Querier, projectId: string, spec: Spec): Promise<void> {
  const problems: Problem[] = [];
  for (const { path, source } of sourcesOfGates(spec)) {
    if ((await findDataSource(db, projectId, source)) !== undefined) continue;
    problems.push({ path, message: `there is no data source "${source}" in this project: make it first` });
  }
  if (problems.length > 0) throw validationFailed(problems);
}

/** @throws {ApiError} `not_found` */
export async function requireEnvironment(
  db: Querier,
  { id, key: project }: ProjectRow,
  key: string,
): Promise<EnvironmentRow> {
  const environment = (await findEnvironments(db, [id])).find((candidate) => candidate.key === key);
  if (environment === undefined) throw notFound(`environment "${key}" in project "${project}"`);
  return environment;
}
