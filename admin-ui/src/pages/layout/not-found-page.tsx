import { Link } from '@tanstack/react-router';
import { homePath } from '../../paths.ts';
import { buttonShape } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';

/** An address that leads nowhere. */
export function NotFoundPage() {
  return (
    <div className="pt-[12vh]">
      <EmptyState title="There is nothing here" text="The address is wrong, or what it led to no longer exists.">
        <Link {...homePath()} className={`${buttonShape} border border-edge bg-raised shadow-control hover:bg-hover`}>
          Go to the start page
        </Link>
      </EmptyState>
    </div>
  );
}
