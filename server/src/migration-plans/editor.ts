import { isDeepStrictEqual } from 'node:util';
import type { Static } from '@sinclair/typebox';
import type { Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import { refuseOutdated } from '../changes/refuse-outdated.ts';
import type { AddressPolicy } from '../egress/address-policy.ts';
import { ApiError, NameTaken, validationFailed } from '../http/api-error.ts';
import { findHolder } from '../releases/repository.ts';
import { newId } from '../store/new-id.ts';
import type { EnvironmentRow } from '../store/tables/flags.ts';
import type { Querier } from '../store/tables.ts';
import type { Vault } from '../vault/vault.ts';
import { allow } from './allow.ts';
import { checkDefinition } from './check-definition.ts';
import { targetOf } from './keep.ts';
import { patchState } from './patch-state.ts';
import {
  definitionOf,
  givenOf,
  isMoving,
  type MigrationPlan,
  openSecrets,
  type Secrets,
  type StoredDefinition,
  sealSecrets,
  stateOf,
  toColumns,
} from './plan.ts';
import { refuseHeld } from './refuse-held.ts';
import { refuseUnapproved } from './refuse-unapproved.ts';
import { withReplication } from './replication.ts';
import { deletePlan, findPlan, insertPlan, savePlan } from './repository.ts';
import type { MigrationPlanInput, MigrationPlanPatch } from './schemas.ts';
import { firstState } from './state.ts';
import type { PlanPlace, PlanViews } from './views.ts';

export interface PlanEditorDependencies {
  readonly changes: Changes;
  readonly vault: Vault;
  readonly policy: AddressPolicy;
  /** Of this server's own database, which plans leave alone. */
  readonly ownUrl: string | undefined;
  readonly views: PlanViews;
}

/** Makes, changes and deletes plans: nothing of them is begun by it. */
export class PlanEditor {
  readonly #dependencies: PlanEditorDependencies;

  constructor(dependencies: PlanEditorDependencies) {
    this.#dependencies = dependencies;
  }

  async create(
    caller: Caller,
    place: Omit<PlanPlace, 'plan'>,
    { key, database, newDatabase, webhookSecret, ...definition }: Static<typeof MigrationPlanInput>,
  ): Promise<MigrationPlan> {
    const { changes, vault, views } = this.#dependencies;
    const secrets = { ...definedOf({ database, newDatabase, webhookSecret }) };
    const { result } = await changes.commit(caller, async (draft) => {
      const environment = await views.environment(place, draft.tx);
      if ((await findPlan(draft.tx, environment.id, key)) !== undefined) {
        throw new NameTaken(`Environment "${environment.key}" has a migration plan "${key}". Choose another key.`);
      }
      const { flagId, databases } = await this.#check(
        draft.tx,
        environment,
        key,
        definition as StoredDefinition,
        secrets,
      );
      const id = newId(draft.atMs);
      const row = {
        ...{ id, environment_id: environment.id, key, flag_id: flagId, definition: JSON.stringify(definition) },
        ...{ databases, secrets: sealSecrets(vault, id, secrets), ...toColumns(firstState(draft.atMs)) },
        ...{ holder: null, held_until: null, version: 1, created_at: draft.atMs, updated_at: draft.atMs },
      };
      await insertPlan(draft.tx, row);
      await draft.audit({
        ...{ action: 'migration-plan.created', project: place.project, environment: environment.key },
        ...{ target: targetOf(key), after: { ...definition, ...JSON.parse(databases) } },
      });
      return { ...row, project: place.project, environment: environment.key };
    });
    return views.show(result);
  }

  /** @param ifVersion the version that the caller has seen; undefined: whatever it is */
  async update(
    caller: Caller,
    place: PlanPlace,
    { database, newDatabase, webhookSecret, ...patch }: Static<typeof MigrationPlanPatch>,
    ifVersion: number | undefined,
  ): Promise<MigrationPlan> {
    const { changes, vault, views } = this.#dependencies;
    const { result } = await changes.commit(caller, async (draft) => {
      const environment = await views.environment(place, draft.tx);
      const plan = await views.find(place, draft.tx);
      const { key, version } = plan;
      const at = { project: place.project, environment: environment.key, target: targetOf(key) };
      await refuseOutdated(draft.tx, ifVersion, { ...at, version });
      const before = givenOf(plan);
      const definition = { ...before, ...patch } as StoredDefinition;
      const secrets = { ...openSecrets(vault, plan), ...definedOf({ database, newDatabase, webhookSecret }) };
      const { flagId, databases } = await this.#check(draft.tx, environment, key, definition, secrets);
      const state = allow(() =>
        patchState(definitionOf(plan), withReplication(key, definition), stateOf(plan), draft.atMs),
      );
      const { project: _, environment: __, ...row } = plan;
      // A release under way was approved with what the plan did then.
      const isOther = !isDeepStrictEqual([definition, JSON.parse(databases)], [before, JSON.parse(plan.databases)]);
      const holder = isOther ? await findHolder(draft.tx, environment.id, [`migration:${key}`]) : undefined;
      if (holder !== undefined) await refuseUnapproved(draft, caller, plan);
      const after = {
        ...{ ...row, flag_id: flagId, definition: JSON.stringify(definition), databases },
        ...{ secrets: sealSecrets(vault, plan.id, secrets), ...toColumns(state) },
        ...{ version: version + 1, updated_at: draft.atMs },
      };
      if (!(await savePlan(draft.tx, after)))
        throw new ApiError('conflict', 'The plan has moved on meanwhile: try again.');
      await draft.audit({
        ...{ action: 'migration-plan.updated', ...at },
        before: { ...before, ...JSON.parse(plan.databases) },
        after: { ...definition, ...JSON.parse(databases) },
      });
      return { ...after, project: place.project, environment: environment.key };
    });
    return views.show(result);
  }

  /** @throws {ApiError} `wrong_state` while it is on its way */
  async delete(caller: Caller, place: PlanPlace): Promise<void> {
    const { changes, views } = this.#dependencies;
    await changes.commit(caller, async (draft) => {
      const plan = await views.find(place, draft.tx);
      if (isMoving(stateOf(plan)))
        throw new ApiError('wrong_state', 'The plan is on its way: send it back or wait first.');
      await refuseHeld(draft.tx, plan);
      await deletePlan(draft.tx, plan.id);
      await draft.audit({
        ...{ action: 'migration-plan.deleted', project: plan.project, environment: plan.environment },
        ...{ target: targetOf(plan.key), before: { ...definitionOf(plan), phase: stateOf(plan).phase } },
      });
    });
  }

  /** @throws {ApiError} `validation_failed` with all that cannot work */
  async #check(
    db: Querier,
    environment: EnvironmentRow,
    key: string,
    definition: StoredDefinition,
    secrets: Secrets,
  ): Promise<{ readonly flagId: string | null; readonly databases: string }> {
    const { policy, ownUrl } = this.#dependencies;
    const { problems, flagId, databases } = await checkDefinition(db, {
      key,
      environment,
      definition,
      secrets,
      policy,
      ownUrl,
    });
    if (problems.length > 0) throw validationFailed(problems);
    return { flagId, databases: JSON.stringify(databases) };
  }
}

function definedOf(secrets: { readonly [Name in keyof Secrets]: string | undefined }): Secrets {
  return Object.fromEntries(Object.entries(secrets).filter(([, value]) => value !== undefined));
}
