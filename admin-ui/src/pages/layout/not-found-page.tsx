import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { homePath } from '../../paths.ts';
import { buttonShape } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';

/** An address that leads nowhere. */
export function NotFoundPage() {
  return (
    <div className="pt-[12vh]">
      <EmptyState title={t`There is nothing here`} text={t`The address is wrong, or what it led to no longer exists.`}>
        <Link {...homePath()} className={`${buttonShape} border border-edge bg-raised shadow-control hover:bg-hover`}>
          <Trans>Go to the start page</Trans>
        </Link>
      </EmptyState>
    </div>
  );
}
