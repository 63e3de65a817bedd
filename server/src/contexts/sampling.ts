import { type ContextSampling, PrivateAttributes } from '@bunting/core';
import type { Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import { findEnvironments } from '../environments/repository.ts';
import { type Environments, requireProject } from '../environments/service.ts';
import type { Database } from '../store/tables.ts';
import type { KnownSettings } from './known-settings.ts';
import { deletePrivateNames, deleteSamples } from './repository.ts';
import { findMode, findPrivate, saveMode, savePrivate } from './settings-repository.ts';

export interface SamplingDependencies {
  readonly database: Database;
  readonly changes: Changes;
  readonly environments: Environments;
  readonly settings: KnownSettings;
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

  async mode(project: string, environment: string): Promise<{ mode: ContextSampling }> {
    const { database, environments } = this.#dependencies;
    const place = await environments.find(project, environment);
    return { mode: await findMode(database, place.environment.id) };
  }

  async setMode(
    caller: Caller,
    project: string,
    environment: string,
    mode: ContextSampling,
  ): Promise<{ mode: ContextSampling }> {
    const { changes, environments, settings } = this.#dependencies;
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
    await settings.catchUp();
    return { mode };
  }

  async privateAttributes(project: string): Promise<{ attributes: string[] }> {
    const { database } = this.#dependencies;
    return { attributes: await findPrivate(database, (await requireProject(database, project)).id) };
  }

  async setPrivateAttributes(
    caller: Caller,
    project: string,
    given: readonly string[],
  ): Promise<{ attributes: string[] }> {
    const { changes, settings } = this.#dependencies;
    const attributes = [...new Set(given)].sort();
    await changes.commit(caller, async (draft) => {
      const { id } = await requireProject(draft.tx, project);
      const before = await findPrivate(draft.tx, id);
      if (JSON.stringify(before) === JSON.stringify(attributes)) return;
      await draft.count('context-settings');
      await savePrivate(draft.tx, id, attributes);
      if (attributes.some((path) => !before.includes(path))) {
        const environmentIds = (await findEnvironments(draft.tx, [id])).map((environment) => environment.id);
        await deleteSamples(draft.tx, environmentIds);
        await deletePrivateNames(draft.tx, environmentIds, new PrivateAttributes(attributes));
      }
      await draft.audit({
        action: 'project.private-attributes.updated',
        project,
        target: { kind: 'project', key: project },
        before: { attributes: before },
        after: { attributes },
      });
    });
    await settings.catchUp();
    return { attributes };
  }
}
