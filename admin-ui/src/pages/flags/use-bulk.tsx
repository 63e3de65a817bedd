import { plural, t } from '@lingui/core/macro';
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { refreshFlags, updateCachedFlag } from '../../api/flag-cache.ts';
import { flagChangeKey } from '../../api/toggle.ts';
import type { Flag } from '../../api/types.ts';
import { runEach } from '../../flags/run-each.ts';
import { toastDone, toastFailed } from '../../ui/toast.tsx';
import { FailureList } from './failure-list.tsx';
import type { Chosen } from './use-chosen.ts';

/** What is done with each of many flags. */
export interface BulkAct {
  /** What becomes of each: `archived`. */
  readonly what: string;
  /** @returns the flag as it is then: the same one when there was nothing to do */
  readonly act: (flag: Flag) => Promise<Flag>;
  /** Takes it back: refused when the flag is not as `act` left it any more. */
  readonly back: (before: Flag, after: Flag) => Promise<Flag>;
}

interface Running {
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

  const run = async ({ what, act, back }: BulkAct) => {
    const { flags } = chosen;
    const stopper = new AbortController();
    stopping.current = stopper;
    const total = flags.length;
    setRunning({ what, ended: 0, total });
    const changed: [before: Flag, after: Flag][] = [];
    const { done, failed, left } = await changeEach(client, project, flags, {
      act: async (flag) => {
        const saved = await act(flag);
        if (saved !== flag) changed.push([flag, saved]);
        return saved;
      },
      signal: stopper.signal,
      onProgress: (ended) => setRunning({ what, ended, total }),
    });
    setRunning(undefined);
    chosen.chooseOnly([...failed.map(({ item }) => item), ...left].map(({ key }) => key));
    const title = `${plural(done.length, { one: '# flag', other: '# flags' })} ${what}`;
    const undo = changed.length > 0 ? () => void undoEach(client, project, changed, { what, back }) : undefined;
    if (done.length > 0) toastDone({ title, undo });
    if (failed.length > 0) {
      const failures = failed.map(({ item, error }) => ({ key: item.key, error }));
      toastFailed({
        title: t`${plural(failed.length, { one: '# flag', other: '# flags' })} not ${what}`,
        text: <FailureList failures={failures} />,
      });
    }
  };
  return { run, running, stop: () => stopping.current?.abort() };
}

/** Takes back what was done with many, flag by flag: what someone changed since stays as it is, and is told. */
async function undoEach(
  client: QueryClient,
  project: string,
  changed: readonly (readonly [before: Flag, after: Flag])[],
  { what, back }: Pick<BulkAct, 'what' | 'back'>,
): Promise<void> {
  const before = new Map(changed.map(([flag, after]) => [after, flag]));
  const { done, failed } = await changeEach(client, project, [...before.keys()], {
    act: (after) => back(before.get(after) ?? after, after),
    signal: new AbortController().signal,
    onProgress: () => {},
  });
  if (done.length > 0)
    toastDone({ title: t`Undone: ${plural(done.length, { one: '# flag', other: '# flags' })} ${what}` });
  if (failed.length === 0) return;
  const failures = failed.map(({ item, error }) => ({ key: item.key, error }));
  toastFailed({
    title: t`Not undone: ${plural(failed.length, { one: '# flag', other: '# flags' })} ${what}`,
    text: <FailureList failures={failures} />,
  });
}

interface EachOptions {
  readonly act: (flag: Flag) => Promise<Flag>;
  readonly signal: AbortSignal;
  readonly onProgress: (ended: number) => void;
}

/** One mutation, so that live news of it waits until it is over. */
async function changeEach(client: QueryClient, project: string, flags: readonly Flag[], options: EachOptions) {
  const { act, signal, onProgress } = options;
  const change = client.getMutationCache().build(client, {
    mutationKey: [...flagChangeKey, 'many'],
    mutationFn: () =>
      runEach(
        flags,
        async (flag) => {
          const saved = await act(flag);
          updateCachedFlag(client, project, saved.key, () => saved);
        },
        { signal, onProgress },
      ),
  });
  const outcome = await change.execute(undefined);
  await refreshFlags(client, project);
  return outcome;
}
