import { randomBytes } from 'node:crypto';
import type { Revision } from '@bunting/core';
import { saveHead } from '../history/repository.ts';
import { notify } from '../store/note.ts';
import type { Store } from '../store/store.ts';
import type { DatabaseTransaction } from '../store/tables.ts';
import { hashOf } from './content-hash.ts';
import type { LiveRulesetState } from './live-ruleset.ts';
import { loadItems, lockEnvironment } from './repository.ts';

/** Names whoever counts an environment's revisions: never the same twice. */
export function newIncarnation(): string {
  return randomBytes(9).toString('base64url');
}

/** True when a database that holds `head` never had `known`, or lost it. */
export function isBehind(head: Revision, known: Revision): boolean {
  if (head.incarnation !== known.incarnation) return false;
  return head.number < known.number || (head.number === known.number && head.hash !== known.hash);
}

/**
 * Gives an environment a new incarnation when its database lost revisions that were served: it was restored from a
 * backup, or a standby took over that had not all of it. Else a number would come to mean two things.
 * @returns false when the database is not behind, looked at under a lock
 */
export function renewIfBehind(store: Store, environmentId: string, known: Revision): Promise<boolean> {
  return renewIf(store, environmentId, async (_, head) => (isBehind(head, known) ? head.hash : undefined));
}

/**
 * Gives an environment a new incarnation when what it serves is not what its revision says: someone wrote into the
 * database. Then every SDK takes the content as it is.
 * @returns false when it is intact
 */
export async function renewIfChanged(store: Store, { environmentId, revision, items }: LiveRulesetState) {
  if (hashOf(items) === revision.hash) return false;
  return renewIf(store, environmentId, async (tx, head) => {
    const hash = hashOf(await loadItems(tx, environmentId));
    return hash === head.hash ? undefined : hash;
  });
}

/** @param judge the hash of what the environment serves, when it needs a new incarnation */
async function renewIf(
  { engine, database }: Store,
  environmentId: string,
  judge: (tx: DatabaseTransaction, head: Revision) => Promise<string | undefined>,
): Promise<boolean> {
  return database.transaction().execute(async (tx) => {
    const head = await lockEnvironment(tx, environmentId);
    const hash = head && (await judge(tx, head));
    if (hash === undefined) return false;
    await tx.deleteFrom('changes').where('environment_id', '=', environmentId).execute();
    const incarnation = newIncarnation();
    await tx.updateTable('environments').set({ hash, incarnation }).where('id', '=', environmentId).execute();
    await saveHead(tx, environmentId);
    if (engine === 'postgres') await notify(tx, { environment: environmentId });
    return true;
  });
}
