import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Button } from './button.tsx';
import { CodeBlock } from './code-block.tsx';
import { Dialog, DialogActions } from './dialog.tsx';

interface SecretDialogProps {
  title: string;
  /** Undefined: there is none to show, and the dialog is closed. */
  secret: string | undefined;
  /** What it is good for, when the title does not say it. */
  use?: string;
  onClose: () => void;
  /** What one does with it next. */
  next?: { readonly label: string; readonly onAct: () => void };
}

/** Shows a secret: the only time that anyone can see it. */
export function SecretDialog({ title, secret, use, onClose, next }: SecretDialogProps) {
  return (
    <Dialog
      open={secret !== undefined}
      onClose={onClose}
      width="wide"
      title={title}
      description={[t`Copy the secret now: it cannot be shown again.`, use].filter(Boolean).join(' ')}
    >
      <div className="px-5 py-4">
        <CodeBlock title={t`Secret, shown only here`} code={secret ?? ''} />
      </div>
      <DialogActions>
        {next && (
          <Button onClick={onClose}>
            <Trans>Close</Trans>
          </Button>
        )}
        <Button look="primary" onClick={next?.onAct ?? onClose}>
          {next?.label ?? t`Done`}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
