import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { renewRecoveryCodes, secondFactorQuery } from '../../api/second-factor.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { RecoveryCodes } from '../second-factor/recovery-codes.tsx';
import { ProofForm } from './proof-form.tsx';

interface RenewCodesDialogProps {
  /** How many there are still. */
  left: number;
  onClose: () => void;
}

/** Makes new recovery codes, and shows them once. Shown for as long as it is rendered. */
export function RenewCodesDialog({ left, onClose }: RenewCodesDialogProps) {
  const client = useQueryClient();
  const [codes, setCodes] = useState<readonly string[]>();
  return (
    <Dialog
      open
      onClose={onClose}
      width="wide"
      title={codes ? t`Your new recovery codes` : t`New recovery codes`}
      description={
        codes
          ? t`Each of these codes works once, should you lose your device.`
          : plural(left, {
              0: 'Ten, shown once.',
              one: 'Ten, shown once. The one that is left works no more then.',
              other: 'Ten, shown once. The # that are left work no more then.',
            })
      }
    >
      {codes ? (
        <>
          <div className="px-5 py-4">
            <RecoveryCodes codes={codes} />
          </div>
          <DialogActions>
            <Button look="primary" onClick={onClose}>
              <Trans>Done</Trans>
            </Button>
          </DialogActions>
        </>
      ) : (
        <ProofForm
          label={t`New recovery codes`}
          confirmLabel={t`Make new codes`}
          look="primary"
          onCancel={onClose}
          act={async (proof) => {
            setCodes(await renewRecoveryCodes(proof));
            void client.invalidateQueries(secondFactorQuery);
          }}
        />
      )}
    </Dialog>
  );
}
