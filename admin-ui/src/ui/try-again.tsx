import { Trans } from '@lingui/react/macro';
import { asApiError } from '../api/api-error.ts';
import { Button } from './button.tsx';
import { Notice } from './notice.tsx';

interface TryAgainProps {
  /** What cannot be shown: "The releases cannot be listed". */
  title: string;
  error: unknown;
  onRetry: () => void;
}

/** Something could not be read: why, by which request, and once more. */
export function TryAgain({ title, error, onRetry }: TryAgainProps) {
  const { message, requestId } = asApiError(error);
  return (
    <Notice
      title={title}
      actions={
        <Button onClick={onRetry}>
          <Trans>Try again</Trans>
        </Button>
      }
    >
      <p>{message}</p>
      {requestId && (
        <p className="mt-1 font-mono text-2xs text-ink-3">
          <Trans>request {requestId}</Trans>
        </p>
      )}
    </Notice>
  );
}
