import { flagItem, type Revision } from '@bunting/core';
import type { Static } from '@sinclair/typebox';
import type { Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import type { Environments } from '../environments/service.ts';
import { validationFailed } from '../http/api-error.ts';
import { toTimestamp } from '../http/key-schema.ts';
import { checkRuleSegments } from '../segments/references.ts';
import { type Flag, targetingOf, toFlag, toFlagEnvironment, toServedFlag } from './flag.ts';
import { checkPrerequisites } from './prerequisites.ts';
import { refuseArchived, refuseMalformed, refuseOutdated } from './refusals.ts';
import { findFlagEnvironments, updateFlag, updateFlagEnvironment } from './repository.ts';
import type { FlagEnvironmentPatch } from './schemas.ts';
import { requireFlag } from './service.ts';
import { applyTargetingPatch, toColumns } from './targeting.ts';

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

  constructor(changes: Changes, environments: Environments) {
    this.#changes = changes;
    this.#environments = environments;
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
    const { result, revisions } = await this.#changes.commit(caller, async (draft) => {
      const { environment } = await this.#environments.find(place.project, place.environment, draft.tx);
      const { row, environments } = await requireFlag(draft.tx, place.project, place.flag);
      const before = environments.find((candidate) => candidate.environment_id === environment.id);
      if (before === undefined) throw new Error(`flag ${row.id} has no targeting in environment ${environment.id}`);
      refuseOutdated(ifVersion, before);
      refuseArchived(row);
      const targeting = applyTargetingPatch(targetingOf(before), patch);
      const patched = { ...before, ...toColumns(targeting) };
      if (JSON.stringify(patched) === JSON.stringify(before)) return { environment, flag: toFlag(row, environments) };
      refuseMalformed(row, targeting);
      if (patch.rules !== undefined) {
        const problems = await checkRuleSegments(draft.tx, environment, targeting.rules);
        if (problems.length > 0) throw validationFailed(problems);
      }
      if (patch.prerequisites !== undefined) {
        const problems = await checkPrerequisites(draft.tx, {
          projectId: row.project_id,
          environmentId: environment.id,
          environment: place.environment,
          flag: row.key,
          prerequisites: targeting.prerequisites,
        });
        if (problems.length > 0) throw validationFailed(problems);
      }
      const { environment: _, ...saved } = { ...patched, version: before.version + 1, updated_at: draft.atMs };
      await updateFlagEnvironment(draft.tx, saved);
      await updateFlag(draft.tx, row.id, { updated_at: draft.atMs });
      draft.put(environment.id, flagItem(toServedFlag(row, targeting)));
      await draft.audit({
        action: 'flag.environment.updated',
        project: place.project,
        environment: place.environment,
        target: { kind: 'flag', key: place.flag },
        before: toFlagEnvironment(before),
        after: toFlagEnvironment(saved),
      });
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
