import { Trans } from '@lingui/react/macro';
import { Button } from './button.tsx';
import { Failure } from './failure.tsx';
import { Notice } from './notice.tsx';

interface TryAgainProps {
  /** What cannot be shown: "The releases cannot be listed". */
  title: string;
  error: unknown;
  onRetry: () => void;
}

/** Something could not be read: why, by which request, and once more. */
export function TryAgain({ title, error, onRetry }: TryAgainProps) {
  return (
    <Notice
      title={title}
      actions={
        <Button onClick={onRetry}>
          <Trans>Try again</Trans>
        </Button>
      }
    >
      <Failure error={error} />
    </Notice>
  );
}
