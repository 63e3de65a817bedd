import { Trans } from '@lingui/react/macro';
import { classNames } from './class-names.ts';

/** Holds the place of text that is on its way. Give it the size of what it stands for. */
export function Skeleton({ className }: { className?: string | undefined }) {
  return <span aria-hidden className={classNames('block h-3 animate-breathe rounded-xs bg-line', className)} />;
}

/** Tells those who do not see the skeletons. */
export function LoadingNote({ what }: { what: string }) {
  return (
    <p className="sr-only" role="status">
      <Trans>Loading {what} …</Trans>
    </p>
  );
}
