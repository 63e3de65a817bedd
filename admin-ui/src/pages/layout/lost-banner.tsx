import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { CloudOff } from 'lucide-react';
import { useStanding } from '../../connection/standing.ts';
import { manners } from '../../locales/locale.ts';

/** While the server does not answer: from when what is shown is, and what becomes of what one does. */
export function LostBanner() {
  const { lostSinceMs } = useStanding();
  return (
    <div role="status" aria-label={t`Connection`} className="sticky top-12 z-5 empty:hidden lg:top-0 print:hidden">
      {lostSinceMs !== undefined && (
        <p className="flex items-start gap-2 border-danger-line border-b bg-danger-soft px-4 py-2 sm:px-6 lg:px-8">
          <CloudOff aria-hidden className="mt-0.5 size-4 shrink-0 text-danger-ink" />
          <span className="min-w-0 text-ink-2">
            <Trans>
              <strong className="font-medium text-danger-ink">The server does not answer.</strong> What you see is from{' '}
              {new Date(lostSinceMs).toLocaleTimeString(manners())}. What you type stays here; what you change now
              fails, and is not sent later by itself.
            </Trans>
          </span>
        </p>
      )}
    </div>
  );
}
