import { t } from '@lingui/core/macro';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ApiError, isUnanswered } from '../../api/api-error.ts';
import { flagQuery } from '../../api/flags.ts';
import { holdRamps, rampsMutation, resumeRamps } from '../../api/ramps.ts';
import type { Environment, RampAnswer } from '../../api/types.ts';
import { undoChange, undoComment } from '../../flags/undo-change.ts';
import { toastDone, toastFailed } from '../../ui/toast.tsx';

interface Deed {
  /** As its message says it. */
  readonly done: string;
  readonly failed: string;
  /** No answer came. */
  readonly unknown: string;
  readonly act: () => Promise<RampAnswer>;
  readonly takeBack: (answer: RampAnswer, reason: string) => Promise<unknown>;
}

/** Holds the ramps of a flag in an environment and lets them go on; each says what came of it, and can be taken back. */
export function useRamps(project: string, flag: string, environment: Environment) {
  const client = useQueryClient();
  const holding = useMutation(rampsMutation(client, project, holdRamps));
  const resuming = useMutation(rampsMutation(client, project, resumeRamps));
  const at = { flag, environment: environment.key };
  const place = t`${flag} in ${environment.name}`;
  const read = () => client.fetchQuery({ ...flagQuery(project, flag), staleTime: 0 });
  const readVersion = async () => (await read()).environments[environment.key]?.version;
  /** What takes it back, while the flag is as it was left here; undefined where that is not seen. */
  const undo = async (done: string, act: (reason: string) => Promise<unknown>) => {
    const left = await readVersion().catch(() => undefined);
    if (left === undefined) return undefined;
    const takeBack = async () => {
      if ((await readVersion()) !== left) throw new ApiError(412, 'version_mismatch', t`The flag was changed since.`);
      await act(undoComment(done));
      return read();
    };
    return () => void undoChange(client, project, { done, act: takeBack });
  };
  const run = async ({ done, failed, unknown, act, takeBack }: Deed) => {
    try {
      const answer = await act();
      const back = (reason: string) => takeBack(answer, reason);
      toastDone({ title: done, undo: answer.changed ? await undo(done, back) : undefined });
    } catch (error) {
      toastFailed({ title: isUnanswered(error) ? unknown : failed, error });
    }
  };
  return {
    isPending: holding.isPending || resuming.isPending,
    hold: (reason: string) =>
      void run({
        done: t`The ramp of ${place} is held`,
        failed: t`The ramp of ${place} is not held`,
        unknown: t`It is not known whether the ramp of ${place} is held`,
        act: () => holding.mutateAsync({ ...at, reason }),
        takeBack: (answer, why) => {
          const cause = newestCause(answer);
          return resumeRamps(project, { ...at, reason: why, ...(cause !== undefined && { cause }) });
        },
      }),
    resume: (reason: string) =>
      void run({
        done: t`The ramp of ${place} goes on`,
        failed: t`The ramp of ${place} is still held`,
        unknown: t`It is not known whether the ramp of ${place} goes on`,
        act: () => resuming.mutateAsync({ ...at, reason }),
        takeBack: (_answer, why) => holdRamps(project, { ...at, reason: why }),
      }),
  };
}

/** Of what holds ramps after a hold: what was added last. */
function newestCause({ ramps }: RampAnswer): string | undefined {
  const causes = ramps.flatMap(({ held }) => held?.causes ?? []);
  return causes.sort((a, b) => Date.parse(b.at) - Date.parse(a.at))[0]?.id;
}
