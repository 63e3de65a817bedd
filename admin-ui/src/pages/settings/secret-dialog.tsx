import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { Environment } from '../../api/types.ts';
import { Button } from '../../ui/button.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';

interface SecretDialogProps {
  environment: Environment;
  secret: string;
  onClose: () => void;
}

/** A new secret, once. */
export function SecretDialog({ environment, secret, onClose }: SecretDialogProps) {
  return (
    <Dialog
      open
      onClose={onClose}
      width="wide"
      title={t`Secret for contexts in ${environment.name}`}
      description={t`Copy it now: it cannot be shown again. For servers alone: who has it can prove any context.`}
    >
      <div className="px-5 py-4">
        <CodeBlock title={t`Secret, shown only here`} code={secret} />
      </div>
      <DialogActions>
        <Button look="primary" onClick={onClose}>
          <Trans>I have stored it</Trans>
        </Button>
      </DialogActions>
    </Dialog>
  );
}
