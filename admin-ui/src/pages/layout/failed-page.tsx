import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQueryErrorResetBoundary } from '@tanstack/react-query';
import { type ErrorComponentProps, Link, useRouter } from '@tanstack/react-router';
import { asApiError } from '../../api/api-error.ts';
import { homePath } from '../../paths.ts';
import { TryAgain } from '../../ui/try-again.tsx';

/** Stands where a page could not be shown. What is around it (the sidebar) stays usable. */
export function FailedPage({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const queries = useQueryErrorResetBoundary();
  const { code } = asApiError(error);
  const retry = () => {
    queries.reset();
    reset();
    void router.invalidate();
  };
  return (
    <div className="mx-auto max-w-140 px-5 py-16">
      <TryAgain
        title={code === 'unreachable' ? t`No connection to the server` : t`This page cannot be shown`}
        error={error}
        onRetry={retry}
      />
      <p className="mt-4">
        <Link {...homePath()} className="text-link hover:underline">
          <Trans>Go to the start page</Trans>
        </Link>
      </p>
    </div>
  );
}
