import { useMutation, useQueryClient } from '@tanstack/react-query';
import { asApiError, isUnanswered } from '../../api/api-error.ts';
import { killMutation } from '../../api/kills.ts';
import type { Environment, Flag, KillAnswer } from '../../api/types.ts';
import { formatCount } from '../../ui/format.ts';
import { toastDone, toastFailed } from '../../ui/toast.tsx';

/** Kills or re-arms a flag, and says how that went. */
export function useKill(project: string, flag: Flag, environment: Environment) {
  const { mutate, isPending } = useMutation(killMutation(useQueryClient(), project));
  const place = `${flag.key} in ${environment.name}`;
  const run = (engaged: boolean, reason: string) =>
    mutate(
      { flag: flag.key, environment: environment.key, engaged, reason },
      {
        onSuccess: (answer) => {
          toastDone({
            id: `kill ${environment.key}`,
            title: `${place} is ${answer.engaged ? 'killed' : 're-armed'}`,
            text: describeReach(answer),
          });
        },
        onError: (error) => {
          const [act, stays] = engaged ? ['killed', 'not killed'] : ['re-armed', 'still killed'];
          toastFailed({
            title: isUnanswered(error) ? `It is not known whether ${place} was ${act}` : `${place} is ${stays}`,
            text: asApiError(error).message,
          });
        },
      },
    );
  return { run, isPending };
}

/** What is not as it should be about a kill that is in force. */
function describeReach({ stored, peers }: KillAnswer): string | undefined {
  const problems: string[] = [];
  if (!stored) problems.push('The database does not have it yet; the server goes on trying.');
  if (peers.failed.length > 0) {
    problems.push(`${formatCount(peers.failed.length, 'server')} could not be told directly.`);
  }
  return problems.length === 0 ? undefined : problems.join(' ');
}
