import { type ContextSampling, PrivateAttributes } from '@bunting/core';
import type { Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import { refuseOutdated } from '../changes/refuse-outdated.ts';
import { findEnvironments } from '../environments/repository.ts';
import { type Environments, requireProject } from '../environments/service.ts';
import type { Database } from '../store/tables.ts';
import { deletePrivateNames, deleteSamples } from './repository.ts';
import { findMode, findPrivate, type PrivateList, saveMode, savePrivate } from './settings-repository.ts';
import type { Keep } from './store-contexts.ts';

export interface SamplingDependencies {
  readonly database: Database;
  readonly changes: Changes;
  readonly environments: Environments;
  readonly keep: Keep;
}

/** What is told of contexts in an environment, and how much of it is kept. */
interface SamplingState {
  readonly mode: ContextSampling;
  /** Contexts, at most. */
  readonly samples: number;
  readonly retentionHours: number;
}

/**
 * Lets people choose what is sampled. What was sampled and may not be any more is deleted in the same transaction. The
 * counter goes first: who stores samples holds it, so none of theirs comes after the deletion.
 */
export class Sampling {
  readonly #dependencies: SamplingDependencies;

  constructor(dependencies: SamplingDependencies) {
    this.#dependencies = dependencies;
  }

  async mode(project: string, environment: string): Promise<SamplingState> {
    const { database, environments } = this.#dependencies;
    const place = await environments.find(project, environment);
    return this.#stateOf(await findMode(database, place.environment.id));
  }

  async setMode(caller: Caller, project: string, environment: string, mode: ContextSampling): Promise<SamplingState> {
    const { changes, environments } = this.#dependencies;
    await changes.commit(caller, async (draft) => {
      const { id } = (await environments.find(project, environment, draft.tx)).environment;
      const before = await findMode(draft.tx, id);
      if (before === mode) return;
      await draft.count('context-settings');
      await saveMode(draft.tx, id, mode);
      if (mode !== 'contexts') await deleteSamples(draft.tx, [id]);
      await draft.audit({
        action: 'environment.context-sampling.updated',
        ...{ project, environment },
        target: { kind: 'environment', key: environment },
        before: { mode: before },
        after: { mode },
      });
    });
    return this.#stateOf(mode);
  }

  #stateOf(mode: ContextSampling): SamplingState {
    const { samples, forMs } = this.#dependencies.keep;
    return { mode, samples, retentionHours: Math.round(forMs / 3_600_000) };
  }

  async privateAttributes(project: string): Promise<PrivateList> {
    const { database } = this.#dependencies;
    return findPrivate(database, (await requireProject(database, project)).id);
  }

  /** @param ifVersion the version that the caller has seen; undefined: whatever it is */
  async setPrivateAttributes(
    caller: Caller,
    project: string,
    given: readonly string[],
    ifVersion?: number,
  ): Promise<PrivateList> {
    const { changes } = this.#dependencies;
    const attributes = [...new Set(given)].sort();
    const { result } = await changes.commit(caller, async (draft) => {
      const { id } = await requireProject(draft.tx, project);
      const before = await findPrivate(draft.tx, id);
      const target = { kind: 'private-attributes', key: project };
      await refuseOutdated(draft.tx, ifVersion, { project, target, version: before.version });
      if (JSON.stringify(before.attributes) === JSON.stringify(attributes)) return before;
      await draft.count('context-settings');
      const after = { attributes, version: before.version + 1 };
      await savePrivate(draft.tx, id, after);
      if (attributes.some((path) => !before.attributes.includes(path))) {
        const environmentIds = (await findEnvironments(draft.tx, [id])).map((environment) => environment.id);
        await deleteSamples(draft.tx, environmentIds);
        await deletePrivateNames(draft.tx, environmentIds, new PrivateAttributes(attributes));
      }
      await draft.audit({ action: 'project.private-attributes.updated', project, target, before, after });
      return after;
    });
    return result;
  }
}
