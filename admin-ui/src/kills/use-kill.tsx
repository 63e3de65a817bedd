import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { isUnanswered } from '../api/api-error.ts';
import { killMutation } from '../api/kills.ts';
import { useMay } from '../api/permissions.ts';
import type { Environment, Flag, KillAnswer } from '../api/types.ts';
import { flagPath } from '../paths.ts';
import { toastDone, toastFailed } from '../ui/toast.tsx';

/** Kills or re-arms a flag, and says how that went: also when what asked for it has been closed meanwhile. */
export function useKill(project: string, flag: Pick<Flag, 'key'>, environment: Environment) {
  const kill = killMutation(useQueryClient(), project);
  const mayRearm = useMay(project, environment.key)('kill:rearm');
  const place = t`${flag.key} in ${environment.name}`;
  const { mutate, isPending } = useMutation({
    ...kill,
    onSuccess: (answer, ...rest) => {
      kill.onSuccess?.(answer, ...rest);
      toastDone({
        id: `kill ${environment.key}`,
        title: answer.engaged ? t`${place} is killed` : t`${place} is re-armed`,
        text: (
          <>
            {describeReach(answer)}{' '}
            {answer.engaged && mayRearm && (
              <Link {...flagPath(project, flag.key, { rearm: environment.key })} className="text-link underline">
                <Trans>Re-arm it</Trans>
              </Link>
            )}
          </>
        ),
      });
    },
    onError: (error, { engaged }) => {
      const [unknown, refused] = engaged
        ? [t`It is not known whether ${place} was killed`, t`${place} is not killed`]
        : [t`It is not known whether ${place} was re-armed`, t`${place} is still killed`];
      toastFailed({ title: isUnanswered(error) ? unknown : refused, error });
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
      plural(peers.failed.length, {
        one: '# server could not be told directly.',
        other: '# servers could not be told directly.',
      }),
    );
  }
  return problems.length === 0 ? undefined : problems.join(' ');
}
