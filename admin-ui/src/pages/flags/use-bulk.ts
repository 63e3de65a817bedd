import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { asApiError } from '../../api/api-error.ts';
import { refreshFlags, updateCachedFlag } from '../../api/flag-cache.ts';
import type { Flag } from '../../api/types.ts';
import { runEach } from '../../flags/run-each.ts';
import { formatCount } from '../../ui/format.ts';
import { toastDone, toastFailed } from '../../ui/toast.tsx';
import type { Chosen } from './use-chosen.ts';

interface Running {
  /** What becomes of each: `archived`. */
  readonly what: string;
  readonly ended: number;
  readonly total: number;
}

/** Does the same with all chosen flags. Those that it failed with, or that were left, stay chosen, so that it can be tried again. */
export function useBulk(project: string, chosen: Chosen) {
  const client = useQueryClient();
  const [running, setRunning] = useState<Running>();
  const stopping = useRef<AbortController>(undefined);
  // Whoever leaves the page stops it.
  useEffect(() => () => stopping.current?.abort(), []);

  const run = async (what: string, act: (flag: Flag) => Promise<Flag>) => {
    const { flags } = chosen;
    const stopper = new AbortController();
    stopping.current = stopper;
    const { signal } = stopper;
    const total = flags.length;
    setRunning({ what, ended: 0, total });
    const { done, failed, left } = await runEach(
      flags,
      async (flag) => {
        const saved = await act(flag);
        updateCachedFlag(client, project, saved.key, () => saved);
      },
      { signal, onProgress: (ended) => setRunning({ what, ended, total }) },
    );
    await refreshFlags(client, project);
    setRunning(undefined);
    chosen.chooseOnly([...failed.map(({ item }) => item), ...left].map(({ key }) => key));
    if (done.length > 0) toastDone({ title: `${formatCount(done.length, 'flag')} ${what}` });
    if (failed.length > 0) {
      const reasons = failed.slice(0, 5).map(({ item, error }) => `${item.key}: ${asApiError(error).message}`);
      if (failed.length > 5) reasons.push(`and ${formatCount(failed.length - 5, 'other')}`);
      toastFailed({ title: `${formatCount(failed.length, 'flag')} not ${what}`, text: reasons.join(' · ') });
    }
  };
  return { run, running, stop: () => stopping.current?.abort() };
}
