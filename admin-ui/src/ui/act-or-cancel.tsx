import { Trans } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { DialogActions } from './dialog.tsx';

interface ActOrCancelProps {
  /** What the button that acts says. */
  children: ReactNode;
  onCancel: () => void;
  /** Absent: it sends the form that it stands in. */
  onAct?: () => void;
  look?: 'primary' | 'production' | 'danger';
  busy?: boolean;
  disabled?: boolean;
}

/** The end of a dialog that does something: do it, or leave everything as it is. */
export function ActOrCancel({
  children,
  onCancel,
  onAct,
  look = 'primary',
  busy = false,
  disabled = false,
}: ActOrCancelProps) {
  return (
    <DialogActions>
      <Button onClick={onCancel}>
        <Trans>Cancel</Trans>
      </Button>
      <Button type={onAct ? 'button' : 'submit'} look={look} busy={busy} disabled={disabled} onClick={onAct}>
        {children}
      </Button>
    </DialogActions>
  );
}
