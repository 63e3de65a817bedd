import type { ContextSampling } from '@bunting/core';
import type { FastifyBaseLogger } from 'fastify';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import { Book } from '../store/book.ts';
import { readCounter } from '../store/counters.ts';
import { inSnapshot } from '../store/snapshot.ts';
import type { Database } from '../store/tables.ts';
import { DEFAULT_MODE, findAllPrivate, findModes } from './settings-repository.ts';
import type { SamplingSettings } from './sink.ts';
import { saltOf } from './subject.ts';

/** What may be sampled in each environment, in memory. Tells which have changed when it is read anew. */
export class KnownSettings extends Book {
  readonly #database: Database;
  readonly #secret: string;
  readonly #listeners: ((environmentId: string) => void)[] = [];
  /** What was told, so that only what differs is told again. */
  readonly #told = new Map<string, { readonly project: string; readonly settings: SamplingSettings }>();
  #modes: ReadonlyMap<string, ContextSampling> = new Map();
  #private: ReadonlyMap<string, readonly string[]> = new Map();

  /** @param secret the installation's, which subjects are hashed with */
  constructor(database: Database, secret: string, log: Pick<FastifyBaseLogger, 'error'>) {
    super(log, 'what is sampled');
    this.#database = database;
    this.#secret = secret;
  }

  of({ environmentId, project }: Pick<LiveRuleset, 'environmentId' | 'project'>): SamplingSettings {
    const told = this.#told.get(environmentId);
    if (told !== undefined) return told.settings;
    const settings = this.#settingsOf(environmentId, project);
    this.#told.set(environmentId, { project, settings });
    return settings;
  }

  /** Calls `listener` with the id of every environment whose settings have changed since someone asked for them. */
  onChange(listener: (environmentId: string) => void): void {
    this.#listeners.push(listener);
  }

  protected override async load(): Promise<number> {
    const { count, modes, lists } = await inSnapshot(this.#database, async (tx) => ({
      count: await readCounter(tx, 'context-settings'),
      modes: await findModes(tx),
      lists: await findAllPrivate(tx),
    }));
    this.#modes = modes;
    this.#private = lists;
    for (const [environmentId, { project, settings: before }] of this.#told) {
      const settings = this.#settingsOf(environmentId, project);
      if (JSON.stringify(settings) === JSON.stringify(before)) continue;
      this.#told.set(environmentId, { project, settings });
      for (const listener of this.#listeners) listener(environmentId);
    }
    return count;
  }

  #settingsOf(environmentId: string, project: string): SamplingSettings {
    return {
      contextSampling: this.#modes.get(environmentId) ?? DEFAULT_MODE,
      privateAttributes: this.#private.get(project) ?? [],
      salt: saltOf(this.#secret, environmentId),
    };
  }
}
