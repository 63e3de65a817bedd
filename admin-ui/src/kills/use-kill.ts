import { plural, t } from '@lingui/core/macro';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { asApiError, isUnanswered } from '../api/api-error.ts';
import { killMutation } from '../api/kills.ts';
import type { Environment, Flag, KillAnswer } from '../api/types.ts';
import { toastDone, toastFailed } from '../ui/toast.tsx';

/** Kills or re-arms a flag, and says how that went: also when what asked for it has been closed meanwhile. */
export function useKill(project: string, flag: Pick<Flag, 'key'>, environment: Environment) {
  const kill = killMutation(useQueryClient(), project);
  const place = t`${flag.key} in ${environment.name}`;
  const { mutate, isPending } = useMutation({
    ...kill,
    onSuccess: (answer, ...rest) => {
      kill.onSuccess?.(answer, ...rest);
      toastDone({
        id: `kill ${environment.key}`,
        title: t`${place} is ${answer.engaged ? t`killed` : 're-armed'}`,
        text:
          describeReach(answer) ??
          (answer.engaged ? t`It is taken back by re-arming it, on its page or under On call.` : undefined),
      });
    },
    onError: (error, { engaged }) => {
      const [act, stays] = engaged ? ['killed', t`not killed`] : ['re-armed', t`still killed`];
      toastFailed({
        title: isUnanswered(error) ? t`It is not known whether ${place} was ${act}` : t`${place} is ${stays}`,
        text: asApiError(error).message,
      });
    },
  });
  const run = (engaged: boolean, reason: string) =>
    mutate({ flag: flag.key, environment: environment.key, engaged, reason });
  return { run, isPending };
}

/** What is not as it should be about a kill that is in force. */
function describeReach({ stored, peers }: KillAnswer): string | undefined {
  const problems: string[] = [];
  if (!stored) problems.push(t`The database does not have it yet; the server goes on trying.`);
  if (peers.failed.length > 0) {
    problems.push(
      t`${plural(peers.failed.length, { one: '# server', other: '# servers' })} could not be told directly.`,
    );
  }
  return problems.length === 0 ? undefined : problems.join(' ');
}
