import {
  type CompiledRuleset,
  compile,
  type EvaluationContext,
  type Flag,
  type Kill,
  type Revision,
} from '@bunting/core';
import type { Api } from '../../tools/demo-api.ts';
import { answersOf } from '../processes/contexts.ts';
import { type ApiFlag, allKeys } from './edited-flags.ts';

/** What an environment is, as the API reads it from the database. */
export interface Stored {
  readonly revision: Revision;
  readonly flags: readonly ApiFlag[];
  readonly kills: readonly Kill[];
}

export async function readStored(api: Api): Promise<Stored> {
  const project = await api.call<{ environments: { key: string; revision: Revision }[] }>('GET', '/projects/default');
  const { items } = await api.call<{ items: ApiFlag[] }>('GET', '/projects/default/flags?limit=200');
  const development = project.environments.find(({ key }) => key === 'development');
  if (development === undefined) throw new Error('the project has no environment "development"');
  const kills = await api.call<{ items: Kill[] }>('GET', '/projects/default/environments/development/kills');
  return { revision: development.revision, flags: items, kills: kills.items };
}

/** What every flag answers when all is read, compiled and evaluated anew. */
export function freshAnswers(stored: Stored, keys = allKeys): Record<string, string> {
  const ruleset = compileAnew(stored);
  return answersOf(keys, (key, context) => ruleset.evaluate(key, context).value);
}

/** The same for one context, such as a page's. */
export function freshValues(stored: Stored, context: EvaluationContext): Record<string, unknown> {
  const ruleset = compileAnew(stored);
  return Object.fromEntries(allKeys.map((key) => [key, ruleset.evaluate(key, context).value]));
}

function compileAnew({ revision, flags, kills }: Stored): CompiledRuleset {
  const served = flags.flatMap(({ environments, ...flag }): Flag[] => {
    const targeting = environments.development;
    return targeting === undefined ? [] : [{ ...flag, ...targeting } as unknown as Flag];
  });
  return compile({ revision, flags: served, kills });
}
