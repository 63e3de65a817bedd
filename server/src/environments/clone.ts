import type { Draft } from '../changes/draft.ts';
import { findMode, saveMode } from '../contexts/settings-repository.ts';
import { loadItems } from '../rulesets/repository.ts';

/** Rows in one statement: databases bound the number of parameters. */
const BATCH_ROWS = 200;

/**
 * Makes a new environment serve what another one does, inside a draft. Flags and segments count versions anew; keys,
 * kills and what SDKs have told stay behind.
 */
export async function cloneInto(draft: Draft, fromId: string, toId: string): Promise<void> {
  const { tx, atMs } = draft;
  for (const table of ['flag_environments', 'segments'] as const) {
    const rows = await tx.selectFrom(table).selectAll().where('environment_id', '=', fromId).execute();
    for (let at = 0; at < rows.length; at += BATCH_ROWS) {
      const batch = rows.slice(at, at + BATCH_ROWS).map((row) => ({
        ...row,
        environment_id: toId,
        version: 1,
        updated_at: atMs,
      }));
      await tx.insertInto(table).values(batch).execute();
    }
  }
  // Where nothing is to be sampled, nothing is in the copy either. Whole contexts are only where someone chose them.
  if ((await findMode(tx, fromId)) === 'off') {
    await draft.count('context-settings');
    await saveMode(tx, toId, 'off');
  }
  for (const item of await loadItems(tx, fromId)) draft.put(toId, item);
}
