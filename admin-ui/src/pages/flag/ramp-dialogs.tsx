import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { Environment } from '../../api/types.ts';
import { ReasonDialog } from '../../ui/reason-dialog.tsx';

interface RampDialogProps {
  flag: string;
  environment: Environment;
  onClose: () => void;
  onConfirm: (reason: string) => void;
}

/** Asks before the ramps of a flag are stopped where they are. */
export function HoldRampsDialog({ flag, environment, onClose, onConfirm }: RampDialogProps) {
  return (
    <ReasonDialog
      look={environment.production ? 'production' : 'primary'}
      title={t`Hold the ramp of ${flag} in ${environment.name}?`}
      confirmLabel={t`Hold in ${environment.name}`}
      onClose={onClose}
      onConfirm={onConfirm}
    >
      <p>
        <Trans>
          It stays where it is: who has something keeps it, and nobody else gets it until someone resumes the ramp. What
          it was to take away it still takes.
        </Trans>
      </p>
      <p>
        <Trans>Nobody is moved, so it needs no approval and waits for no freeze.</Trans>
      </p>
    </ReasonDialog>
  );
}

/** Asks before the ramps of a flag go on. */
export function ResumeRampsDialog({ flag, environment, onClose, onConfirm }: RampDialogProps) {
  return (
    <ReasonDialog
      look={environment.production ? 'production' : 'primary'}
      title={t`Resume the ramp of ${flag} in ${environment.name}?`}
      confirmLabel={t`Resume in ${environment.name}`}
      onClose={onClose}
      onConfirm={onConfirm}
    >
      <p>
        <Trans>It goes on from where it is, later by as long as it was held.</Trans>
      </p>
    </ReasonDialog>
  );
}
