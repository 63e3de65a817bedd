import type { Api } from '../../../tools/demo-api.ts';
import { makeFlag } from '../../processes/flags.ts';

/** Moved by releases, each by those of one person. */
export const releasedKeys = ['released-0', 'released-1'];
/** Killed and re-armed; on for everyone otherwise. */
export const guardedKeys = ['guarded-0', 'guarded-1'];
/** Turned on and off by schedules. */
export const TIMED = 'timed';
/** All of them are boolean. */
export const watchedKeys = [...releasedKeys, ...guardedKeys, TIMED];

/** Makes them, and the standard safeguards over all that is measured. */
export async function makeWatchedFlags(api: Api): Promise<void> {
  const make = (key: string, variant: string) =>
    makeFlag(api, { key, type: 'boolean' }, { enabled: true, defaultRule: { variant } });
  for (const key of releasedKeys) await make(key, 'off');
  for (const key of [...guardedKeys, TIMED]) await make(key, 'on');
  const safeguards = '/projects/default/environments/development/safeguards/standard';
  await api.call('POST', safeguards, { watch: { measured: true } });
}
