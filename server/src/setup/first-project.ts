import { SYSTEM } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import { addKey, type Keys } from '../keys/service.ts';
import { findProjects } from '../projects/repository.ts';
import { createProject } from '../projects/service.ts';
import type { KeyRow } from '../store/tables.ts';

/** A key that was made at the first start: the only time that its secret can be told. */
export interface FirstKey {
  readonly project: string;
  readonly environment: string;
  readonly kind: 'server' | 'client';
  readonly secret: string;
}

/** Makes the first project with its environments and their keys, when there is no project. */
export async function ensureFirstProject(changes: Changes, keys: Keys): Promise<FirstKey[]> {
  const { result } = await changes.commit(SYSTEM, async (draft) => {
    if ((await findProjects(draft.tx, { limit: 1 })).length > 0) return [];
    const { project, environments } = await createProject(draft, { key: 'default', name: 'Default project' });
    const made: { row: KeyRow; key: FirstKey }[] = [];
    for (const { id, key: environment } of environments) {
      for (const kind of ['server', 'client'] as const) {
        const place = { project: project.key, environment, environmentId: id };
        const { row, secret } = await addKey(draft, place, { kind, name: `First ${kind} key` });
        made.push({ row, key: { project: project.key, environment, kind, secret } });
      }
    }
    return made;
  });
  for (const { row } of result) keys.admit(row);
  return result.map(({ key }) => key);
}
