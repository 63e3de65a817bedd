import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Undo2 } from 'lucide-react';
import { useState } from 'react';
import { isUnanswered } from '../../api/api-error.ts';
import { trafficStateQuery } from '../../api/releases.ts';
import { resetTrafficTarget, type TargetPlace } from '../../api/traffic.ts';
import type { Environment, TrafficState } from '../../api/types.ts';
import { formatPercent } from '../../flags/weights.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { formatDuration } from '../../ui/format.ts';
import { toastDone, toastFailed } from '../../ui/toast.tsx';

interface ResetTargetProps {
  place: TargetPlace;
  environment: Environment;
  /** Undefined: it is not known yet. */
  state: TrafficState | undefined;
}

/** Gives the baseline everyone, after asking: before the next release, when both places run the same. */
export function ResetTarget({ place, environment, state }: ResetTargetProps) {
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const { project, target } = place;
  const { mutate, isPending } = useMutation({
    mutationFn: () => resetTrafficTarget(place),
    onSuccess: ({ ok, problem, seenMs }) => {
      const title = ok
        ? t`The baseline of ${target} has everyone`
        : t`The baseline of ${target} was not given everyone`;
      if (!ok) toastFailed({ title, text: problem });
      else toastDone({ title, ...(seenMs !== null && { text: t`In force after ${formatDuration(seenMs)}.` }) });
    },
    onError: (error) =>
      toastFailed({
        title: isUnanswered(error)
          ? t`It is not known whether the baseline of ${target} has everyone`
          : t`The baseline of ${target} was not given everyone`,
        error,
      }),
    onSettled: () => client.invalidateQueries(trafficStateQuery(project, place.environment, target)),
  });
  const why = state && whyNot(state);
  const now = state?.candidatePer100k ?? undefined;
  return (
    <>
      <Button busy={isPending} disabled={why !== undefined} title={why} onClick={() => setAsking(true)}>
        <Trans>
          <Undo2 aria-hidden />
          Reset
        </Trans>
      </Button>
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false);
          mutate();
        }}
        look={environment.production ? 'production' : 'danger'}
        title={t`Give the baseline of ${target} everyone in ${environment.name}?`}
        confirmLabel={t`Give the baseline everyone`}
      >
        <p>
          {now === undefined
            ? t`Whoever is sent to the candidate's place goes to the baseline's at once.`
            : t`${formatPercent(now)} of requests go to the candidate's place now; all of them go to the baseline's at once.`}
        </p>
        <p>
          <Trans>
            Do it before the next release, when the baseline's place runs what the candidate's does. If it still runs
            the version before, that is what everyone gets. Flags are not changed.
          </Trans>
        </p>
        <p>
          <Trans>It needs no approval, and only a release sends requests back.</Trans>
        </p>
      </ConfirmDialog>
    </>
  );
}

/** Why there is nothing to give back, or no way to; undefined: it can be done. */
function whyNot({ release, candidatePer100k, up }: TrafficState): string | undefined {
  if (release !== null) return t`${release.title} steers it`;
  if (candidatePer100k === 0) return t`The baseline has everyone`;
  if (up?.baseline === 0) return t`No instance of the baseline answers: deploy it first`;
  return undefined;
}
