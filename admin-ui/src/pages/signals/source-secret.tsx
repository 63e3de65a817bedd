import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import type { SignalSource } from '../../api/types.ts';
import { Button } from '../../ui/button.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { DialogActions } from '../../ui/dialog.tsx';
import { SetUpSteps } from './set-up-steps.tsx';

interface SourceSecretProps {
  vendor: string;
  /** Null: the vendor made it, or needs none. */
  secret: string | null;
  /** With the secret where it belongs. */
  steps: SignalSource['setUp'];
  children?: ReactNode;
  onClose: () => void;
}

/** The secret of a source, which is shown this once, and what to type into the vendor; as the body of a dialog. */
export function SourceSecret({ vendor, secret, steps, children, onClose }: SourceSecretProps) {
  return (
    <>
      <div className="flex flex-col gap-3 px-5 py-4">
        {children}
        {secret !== null && <CodeBlock title={t`Secret, shown only here`} code={secret} />}
        <p className="text-ink-2">
          {secret === null ? (
            <Trans>In {vendor}:</Trans>
          ) : (
            <Trans>In {vendor}, with the secret where it belongs:</Trans>
          )}
        </p>
        <SetUpSteps steps={steps} />
      </div>
      <DialogActions>
        <Button look="primary" onClick={onClose}>
          <Trans>Done</Trans>
        </Button>
      </DialogActions>
    </>
  );
}
