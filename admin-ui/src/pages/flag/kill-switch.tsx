import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { OctagonX, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '../../api/permissions.ts';
import type { Environment, Flag } from '../../api/types.ts';
import { variantColor } from '../../flags/variant-color.ts';
import { useKill } from '../../kills/use-kill.tsx';
import { KillReceipt } from '../../receipts/kill-receipt.tsx';
import { Button } from '../../ui/button.tsx';
import { ReasonDialog } from '../../ui/reason-dialog.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { Swatch } from '../../ui/swatch.tsx';

interface KillSwitchProps {
  project: string;
  flag: Flag;
  environment: Environment;
  /** It is asked whether to re-arm it, as an address wants it. */
  isRearming?: boolean;
  /** That is answered. */
  onRearmed?: () => void;
}

/** Kills the flag in an environment; while it is killed: says so, by whom and why, and re-arms it. */
export function KillSwitch({ project, flag, environment, isRearming = false, onRearmed }: KillSwitchProps) {
  const may = useMay(project, environment.key);
  const [asking, setAsking] = useState(false);
  const { run, isPending } = useKill(project, flag, environment);
  const state = flag.environments[environment.key];
  if (!state) return null;
  const { killed } = state;
  const safeVariant = state.safeVariant ?? state.offVariant;
  const close = () => {
    setAsking(false);
    if (isRearming) onRearmed?.();
  };
  const isAsked = asking || (isRearming && killed !== undefined && may('kill:rearm'));
  return (
    <>
      {killed ? (
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2 border-danger-line border-b bg-danger-soft px-4 py-2.5">
          <p className="min-w-0 flex-1 basis-48 break-words text-ink-2 text-xs">
            <Trans>
              <strong className="font-medium text-danger-ink">Killed</strong> <RelativeTime at={killed.at} /> by{' '}
              {killed.by.name}: {killed.reason}. Everyone gets <Swatch color={variantColor(flag, safeVariant)} />{' '}
              <span className="font-mono text-ink">{safeVariant}</span>.
            </Trans>{' '}
            {!killed.stored && <Trans>It is not stored yet.</Trans>}{' '}
            <KillReceipt project={project} environment={environment.key} flag={flag.key} />
          </p>
          {may('kill:rearm') && (
            <Button onClick={() => setAsking(true)} busy={isPending}>
              <Trans>
                <RotateCcw aria-hidden />
                Re-arm
              </Trans>
            </Button>
          )}
        </div>
      ) : (
        <Button look="quiet" onClick={() => setAsking(true)} busy={isPending}>
          <Trans>
            <OctagonX aria-hidden />
            Kill
          </Trans>
        </Button>
      )}
      {isAsked && (
        <ReasonDialog
          look={killed && environment.production ? 'production' : 'danger'}
          title={killed ? t`Re-arm ${flag.key} in ${environment.name}?` : t`Kill ${flag.key} in ${environment.name}?`}
          confirmLabel={killed ? t`Re-arm in ${environment.name}` : t`Kill in ${environment.name}`}
          onClose={close}
          onConfirm={(reason) => {
            close();
            run(killed === undefined, reason);
          }}
        >
          {killed ? (
            <p>
              <Trans>It serves what its targeting says again, at once.</Trans>
            </p>
          ) : (
            <p>
              <Trans>
                Everyone gets <span className="font-mono text-ink text-xs">{safeVariant}</span> at once, whatever its
                targeting says, until someone re-arms it.
              </Trans>
            </p>
          )}
        </ReasonDialog>
      )}
    </>
  );
}
