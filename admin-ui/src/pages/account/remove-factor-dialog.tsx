import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ownSessionsQuery } from '../../api/account.ts';
import { removeSecondFactor, secondFactorQuery } from '../../api/second-factor.ts';
import { sessionQuery } from '../../api/session.ts';
import { secondFactorPath } from '../../paths.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { toastDone } from '../../ui/toast.tsx';
import { ProofForm } from './proof-form.tsx';

interface RemoveFactorDialogProps {
  /** Whether the installation asks for one of whoever signs in by a password. */
  isRequired: boolean;
  onClose: () => void;
}

/** Removes one's own second factor; where one is required, goes on to where the next is set up. */
export function RemoveFactorDialog({ isRequired, onClose }: RemoveFactorDialogProps) {
  const client = useQueryClient();
  const navigate = useNavigate();
  return (
    <Dialog
      open
      onClose={onClose}
      width="wide"
      title={t`Remove the second factor?`}
      description={
        isRequired
          ? t`This installation requires one: until you have set up another one, you can do nothing else here.`
          : t`From then on your password alone is enough to sign in as you.`
      }
    >
      <ProofForm
        label={t`Remove the second factor`}
        confirmLabel={t`Remove it`}
        look="danger"
        onCancel={onClose}
        act={async (proof) => {
          await removeSecondFactor(proof);
          toastDone({ title: t`Your second factor is removed`, text: t`Your other sessions are ended.` });
          await client.invalidateQueries(secondFactorQuery);
          if (isRequired) {
            client.setQueryData(sessionQuery.queryKey, (user) => user && { ...user, mustEnrol: true });
            return void navigate(secondFactorPath());
          }
          void client.invalidateQueries(ownSessionsQuery);
          onClose();
        }}
      >
        <p className="text-ink-2">
          <Trans>Its recovery codes work no more, and your other sessions end.</Trans>
        </p>
      </ProofForm>
    </Dialog>
  );
}
