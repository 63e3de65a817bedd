import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMay } from '../../api/permissions.ts';
import {
  createSafeguard,
  type GuardedPlace,
  safeguardStateQuery,
  safeguardsKey,
  safeguardsOfFlagQuery,
} from '../../api/safeguards.ts';
import type { Environment, Flag, Safeguard } from '../../api/types.ts';
import { safeguardPath } from '../../paths.ts';
import { ratioWords } from '../../safeguards/sample-ratio.ts';
import { Button } from '../../ui/button.tsx';
import { toastDone, toastFailed } from '../../ui/toast.tsx';
import { hasSplit } from './has-split.ts';

const freshMs = 5_000;

interface SampleRatioProps {
  project: string;
  flag: Flag;
  environment: Environment;
}

/** Whether the flag's splits give each variant its share of subjects, in words; where nobody checks: the way to have it checked. */
export function SampleRatio({ project, flag, environment }: SampleRatioProps) {
  const place = { project, environment: environment.key };
  const client = useQueryClient();
  const may = useMay(project, environment.key);
  const { data } = useQuery(safeguardsOfFlagQuery(place, flag.key));
  const begin = useMutation({
    mutationFn: () =>
      createSafeguard(place, {
        ...{ name: t`Shares of ${flag.key}`, watch: { flag: flag.key }, action: 'notify', mode: 'armed' },
        ...{ metric: { kind: 'exposures' }, test: { kind: 'sample_ratio', alpha: 0.001 } },
      }),
    onSuccess: () => toastDone({ title: t`The shares of ${flag.key} are checked from now on` }),
    onError: (error) => toastFailed({ title: t`The shares are not checked`, error }),
    onSettled: () => client.invalidateQueries({ queryKey: safeguardsKey(place) }),
  });
  if (!data || !hasSplit(flag, environment.key)) return null;
  const checks = data.filter(({ metric }) => metric.kind === 'exposures');
  return (
    <div className="border-line border-t px-4 py-2.5 text-xs">
      {checks.map((safeguard) => (
        <Checked key={safeguard.id} {...{ place, safeguard }} flag={flag.key} />
      ))}
      {checks.length === 0 && (
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <p className="min-w-0 flex-1 basis-64 text-ink-2">
            <Trans>
              Nobody checks whether its split gives each variant its share of users. Where it does not, no comparison is
              true.
            </Trans>
          </p>
          {may('safeguard:write') && may('targeting:write') && (
            <Button look="quiet" busy={begin.isPending} onClick={() => begin.mutate()}>
              <Trans>Check it from now on</Trans>
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

function Checked({ place, safeguard, flag }: { place: GuardedPlace; safeguard: Safeguard; flag: string }) {
  const state = useQuery({ ...safeguardStateQuery(place, safeguard.id), refetchInterval: freshMs });
  const states = (state.data?.states ?? []).filter((one) => one.flag === flag);
  const silence = safeguard.watching.find((one) => one.flag === flag)?.silence;
  return (
    <div className="flex flex-col gap-0.5">
      <h3 className="font-medium">
        <Trans>
          Shares of subjects, by{' '}
          <Link {...safeguardPath(place.project, place.environment, safeguard.id)} className="text-link underline">
            {safeguard.name}
          </Link>
        </Trans>
      </h3>
      {states.map((one) => (
        <p key={`${one.variant} ${one.rule}`} className="break-words text-ink-2">
          {one.rule === null || one.rule === '' ? ratioWords(one) : t`Rule ${one.rule}: ${ratioWords(one)}`}
        </p>
      ))}
      {states.length === 0 && (
        <p className="text-ink-2">{silence ?? t`No subject was served for the first time yet.`}</p>
      )}
    </div>
  );
}
