import { useReceipts } from '../receipts/use-receipts.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { formatCount } from '../ui/format.ts';
import { describeEnvironment } from './describe-serve.ts';
import type { ToggleRequest } from './use-toggle.tsx';

interface ToggleConfirmProps {
  project: string;
  request: ToggleRequest;
  open: boolean;
  onClose: () => void;
  onConfirm: () => void;
}

/** Says what a toggle in production will do, and to how many, before it does it. */
export function ToggleConfirm({ project, request, open, onClose, onConfirm }: ToggleConfirmProps) {
  const { flag, environment, enabled } = request;
  const instances = useReceipts(project, environment.key).receipts?.instances;
  const state = flag.environments[environment.key];
  const act = enabled ? 'Turn on' : 'Turn off';
  return (
    <ConfirmDialog
      open={open}
      onClose={onClose}
      onConfirm={onConfirm}
      look="production"
      title={`${act} ${flag.key} in ${environment.name}?`}
      confirmLabel={`${act} in ${environment.name}`}
    >
      {state && (
        <p>
          It serves <Code>{describeEnvironment(flag, { ...state, enabled })}</Code> from then on, instead of{' '}
          <Code>{describeEnvironment(flag, { ...state, enabled: !enabled })}</Code>.
        </p>
      )}
      {instances !== undefined && (
        <p>
          {instances === 0
            ? 'No instance is connected at the moment; the next one to connect gets it.'
            : `${formatCount(instances, 'connected instance')} ${instances === 1 ? 'gets' : 'get'} it at once.`}
        </p>
      )}
    </ConfirmDialog>
  );
}

function Code({ children }: { children: string }) {
  return <code className="break-words rounded-xs bg-sunken px-1 py-0.5 font-mono text-ink text-xs">{children}</code>;
}
