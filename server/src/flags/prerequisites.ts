import { findPrerequisiteCycle, type Prerequisite } from '@bunting/core';
import type { Problem } from '../http/api-error.ts';
import type { Querier } from '../store/tables.ts';
import { variantsOf } from './flag.ts';
import { type Dependent, findDependents, findFlagsByKey } from './repository.ts';

/** A flag in an environment, whose prerequisites are to be saved or served again. */
export interface Depending {
  readonly projectId: string;
  readonly environmentId: string;
  /** The environment's key. */
  readonly environment: string;
  readonly flag: string;
  readonly prerequisites: readonly Prerequisite[];
}

/** Why a flag cannot depend on these in an environment: unknown flags, unknown variants, or a cycle. */
export async function checkPrerequisites(db: Querier, depending: Depending): Promise<Problem[]> {
  const { projectId, prerequisites } = depending;
  if (prerequisites.length === 0) return [];
  const keys = prerequisites.map(({ flag }) => flag);
  const parents = new Map((await findFlagsByKey(db, projectId, keys)).map((row) => [row.key, row]));
  const problems: Problem[] = [];
  for (const [at, { flag: key, variants = [] }] of prerequisites.entries()) {
    const parent = parents.get(key);
    if (parent === undefined || parent.archived_at !== null) {
      const fix =
        parent === undefined ? 'does not exist in this project; check its key' : 'is archived; restore it first';
      problems.push({ path: `prerequisites[${at}].flag`, message: `flag "${key}" ${fix}` });
      continue;
    }
    const names = variantsOf(parent).map(({ name }) => name);
    for (const [which, name] of variants.entries()) {
      if (names.includes(name)) continue;
      const message = `flag "${key}" has no variant "${name}"; it has ${names.join(', ')}`;
      problems.push({ path: `prerequisites[${at}].variants[${which}]`, message });
    }
  }
  const cycle = await findCycle(db, depending);
  if (cycle !== undefined) {
    const at = keys.indexOf(cycle[1] ?? '');
    const message = `makes a cycle in ${depending.environment}: ${cycle.join(' → ')}. Remove one of these prerequisites`;
    problems.push({ path: `prerequisites[${at}]`, message });
  }
  return problems;
}

async function findCycle(db: Querier, depending: Depending): Promise<readonly string[] | undefined> {
  const { projectId, environmentId, flag, prerequisites } = depending;
  const saved = await findDependents(db, projectId);
  const documents = new Map(
    saved.filter((row) => row.environment_id === environmentId).map((row) => [row.key, toDocument(row)]),
  );
  return findPrerequisiteCycle({ key: flag, prerequisites }, (key) => documents.get(key));
}

/** Where flags of a project depend on one flag, and on which of its variants. */
export interface Dependence {
  readonly flag: string;
  readonly environment: string;
  readonly variants: readonly string[];
  /** JSON path within the flag that depends. */
  readonly path: string;
}

export async function findDependences(db: Querier, projectId: string, flag: string): Promise<Dependence[]> {
  return (await findDependents(db, projectId)).flatMap((row) =>
    toDocument(row).prerequisites.flatMap((wanted, at) =>
      wanted.flag === flag
        ? {
            flag: row.key,
            environment: row.environment,
            variants: wanted.variants ?? [],
            path: `environments.${row.environment}.prerequisites[${at}]`,
          }
        : [],
    ),
  );
}

function toDocument({ key, prerequisites }: Dependent) {
  return { key, prerequisites: JSON.parse(prerequisites) as Prerequisite[] };
}
