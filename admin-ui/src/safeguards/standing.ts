import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import type { Safeguard, WatchedVariant } from '../api/types.ts';

/** How a safeguard stands, worst first. */
export type Standing = 'failed' | 'silent' | 'unseeing' | 'off' | 'at-work';

export const standingWords: Readonly<Record<Standing, MessageDescriptor>> = {
  failed: msg`failed lately`,
  silent: msg`sees nothing now`,
  unseeing: msg`too little traffic`,
  off: msg`switched off`,
  'at-work': msg`at work`,
};

/** How it stands with one variant. */
function standingOf({ silence, detectable, failedAt }: WatchedVariant): Exclude<Standing, 'off'> {
  if (failedAt !== null) return 'failed';
  if (silence !== null) return 'silent';
  return detectable === null ? 'unseeing' : 'at-work';
}

/** How it stands as a whole: it is at work as long as it sees harm anywhere. */
export function standingOfAll({ enabled, watching }: Pick<Safeguard, 'enabled' | 'watching'>): Standing {
  if (!enabled) return 'off';
  const all = watching.map(standingOf);
  const first = (['failed', 'at-work', 'unseeing'] as const).find((standing) => all.includes(standing));
  return first ?? 'silent';
}

/** How far the evidence has come to its line, 0 to 1; undefined: nothing is counted yet. */
export function progressOf({ logE, threshold }: Pick<WatchedVariant, 'logE' | 'threshold'>): number | undefined {
  if (logE === null || threshold === null || threshold <= 0) return undefined;
  return Math.min(1, Math.max(0, logE / threshold));
}
