import { applyEdits, type Revision, type TargetingEdit } from '@bunting/core';
import type { Static } from '@sinclair/typebox';
import type { Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import { refuseOutdated } from '../changes/refuse-outdated.ts';
import { explainConflict } from '../edits/explain-conflict.ts';
import type { Environments } from '../environments/service.ts';
import { validationFailed } from '../http/api-error.ts';
import { toTimestamp } from '../http/key-schema.ts';
import { refuseRamp } from '../line/refuse-ramp.ts';
import { checkTargeting } from './check-targeting.ts';
import { type Flag, type Targeting, targetingOf, toFlag } from './flag.ts';
import type { MigrationGuard } from './migration-guard.ts';
import { refuseArchived } from './refusals.ts';
import { findFlagEnvironments } from './repository.ts';
import type { FlagEnvironmentPatch } from './schemas.ts';
import { requireFlag } from './service.ts';
import { applyTargetingPatch } from './targeting.ts';
import { leadsSomewhere, saveStep } from './targeting-step.ts';

/** A flag, and the revision of the environment that serves it so. */
export interface FlagChange {
  readonly flag: Flag;
  readonly revision: Revision;
  readonly committedAt: string;
}

export interface FlagPlace {
  readonly project: string;
  readonly flag: string;
  readonly environment: string;
}

/** What flags are in one environment. */
export class FlagTargeting {
  readonly #changes: Changes;
  readonly #environments: Environments;
  readonly #migrations: MigrationGuard;

  constructor(changes: Changes, environments: Environments, migrations: MigrationGuard) {
    this.#changes = changes;
    this.#environments = environments;
    this.#migrations = migrations;
  }

  /**
   * Changes what an environment serves. A patch that changes nothing commits nothing and answers the revision that is.
   * @param ifVersion the version that the caller has seen; undefined: whatever it is
   */
  async update(
    caller: Caller,
    place: FlagPlace,
    patch: Static<typeof FlagEnvironmentPatch>,
    ifVersion?: number,
  ): Promise<FlagChange> {
    return this.#change(caller, place, (targeting, nowMs) => applyTargetingPatch(targeting, patch, nowMs), ifVersion);
  }

  /**
   * Applies edits to what is there, all or none. They name what they mean, so those of several people go together.
   * @throws {ApiError} `edit_conflict` when one does not go with what is there
   */
  async edit(
    caller: Caller,
    place: FlagPlace,
    edits: readonly TargetingEdit[],
    ifVersion?: number,
  ): Promise<FlagChange> {
    const apply = (targeting: Targeting, nowMs: number) => explainConflict(() => applyEdits(targeting, edits, nowMs));
    return this.#change(caller, place, apply, ifVersion);
  }

  async #change(
    caller: Caller,
    place: FlagPlace,
    apply: TargetingChange,
    ifVersion: number | undefined,
  ): Promise<FlagChange> {
    const { result, revisions } = await this.#changes.commit(caller, async (draft) => {
      const { environment } = await this.#environments.find(place.project, place.environment, draft.tx);
      const { row, environments } = await requireFlag(draft.tx, place.project, place.flag);
      const before = environments.find((candidate) => candidate.environment_id === environment.id);
      if (before === undefined) throw new Error(`flag ${row.id} has no targeting in environment ${environment.id}`);
      await refuseOutdated(draft.tx, ifVersion, {
        project: place.project,
        environment: place.environment,
        target: { kind: 'flag', key: place.flag },
        version: before.version,
      });
      refuseArchived(row);
      const was = targetingOf(before);
      const targeting = apply(was, draft.atMs);
      const step = { project: place.project, row, environment, before, was, targeting };
      if (!leadsSomewhere(step)) return { environment, flag: toFlag(row, environments) };
      const problems = await checkTargeting(draft.tx, row, environment, was, targeting);
      if (problems.length > 0) throw validationFailed(problems);
      await refuseRamp(draft.tx, environment, was, targeting, draft.atMs);
      await this.#migrations.check(draft, step);
      await saveStep(draft, step);
      const flag = toFlag({ ...row, updated_at: draft.atMs }, await findFlagEnvironments(draft.tx, [row.id]));
      return { environment, flag };
    });
    const { environment, flag } = result;
    const { incarnation, number, hash, committed_at } = environment;
    const committed = revisions.get(environment.id) ?? {
      revision: { incarnation, number, hash },
      committedAtMs: committed_at,
    };
    return { flag, revision: committed.revision, committedAt: toTimestamp(committed.committedAtMs) };
  }
}

type TargetingChange = (targeting: Targeting, nowMs: number) => Targeting;
