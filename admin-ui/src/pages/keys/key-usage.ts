import { t } from '@lingui/core/macro';
import type { InstanceGroup } from '../../api/types.ts';

/** Who uses a key now, as far as instances say: pages and relays are not among them. */
export interface KeyUsage {
  readonly instances: number;
  /** What they run, the most common first: `checkout 2.4.0`. */
  readonly runs: readonly string[];
}

export function usageOf(groups: readonly InstanceGroup[], key: string): KeyUsage {
  const counts = new Map<string, number>();
  let instances = 0;
  for (const { key: used, app, version, confirmed, pending } of groups) {
    const connected = confirmed + pending;
    if (used !== key || connected === 0) continue;
    instances += connected;
    const runs = [app ?? t`no app said`, version].filter(Boolean).join(' ');
    counts.set(runs, (counts.get(runs) ?? 0) + connected);
  }
  const runs = [...counts].sort(([a, x], [b, y]) => y - x || a.localeCompare(b)).map(([name]) => name);
  return { instances, runs };
}

/** A key that was used in this time may be in use, in milliseconds: uses are noted once an hour. */
const recentMs = 2 * 60 * 60 * 1_000;

export function isRecentlyUsed(lastUsedAt: string | null, nowMs: number): boolean {
  return lastUsedAt !== null && nowMs - Date.parse(lastUsedAt) < recentMs;
}
