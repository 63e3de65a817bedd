import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import type { EventSource } from './event-stream.ts';
import type { LiveReceipts } from './live-receipts.ts';
import { showKill, showReceipts } from './service.ts';

/** What a project's stream tells of one of its environments. Every event says which. */
export function eventsOf(ruleset: LiveRuleset, live: LiveReceipts): EventSource[] {
  const { environment } = ruleset;
  const watch = (listener: () => void) => live.watch(ruleset, listener);
  let wasBehind = false;
  return [
    { event: 'receipts', watch, read: () => ({ environment, ...showReceipts(ruleset, live.read(ruleset)) }) },
    {
      event: 'kill',
      watch,
      read() {
        const kill = live.latestKill(ruleset);
        return kill === undefined ? undefined : { environment, ...showKill(kill, live.read(ruleset)) };
      },
    },
    {
      event: 'behind',
      watch,
      read() {
        const { behind, behindNames } = live.read(ruleset);
        wasBehind ||= behind > 0;
        return behind === 0 ? undefined : { environment, behind, instances: behindNames };
      },
    },
    {
      event: 'caught-up',
      watch,
      read() {
        const { behind, unknown } = live.read(ruleset);
        return behind === 0 && wasBehind ? { environment, unknown } : undefined;
      },
    },
  ];
}
