import { SYSTEM } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import { countEnvironments } from '../environments/service.ts';
import { addKey, type Keys, type NewKey } from '../keys/service.ts';
import { findProjects } from '../projects/repository.ts';
import { createProject } from '../projects/service.ts';

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
    const isThere = async () => (await findProjects(draft.tx, { limit: 1 })).length > 0;
    if (await isThere()) return [];
    // Of servers that start at once one makes it: the others wait here until it is there.
    await countEnvironments(draft);
    if (await isThere()) return [];
    const { project, environments } = await createProject(draft, { key: 'default', name: 'Default project' });
    const made: { added: NewKey; key: FirstKey }[] = [];
    for (const { id, key: environment } of environments) {
      for (const kind of ['server', 'client'] as const) {
        const place = { project: project.key, environment, environmentId: id };
        const added = await addKey(draft, place, { kind, name: `First ${kind} key` });
        made.push({ added, key: { project: project.key, environment, kind, secret: added.secret } });
      }
    }
    return made;
  });
  for (const { added } of result) keys.admit(added.row);
  return result.map(({ key }) => key);
}
