import { t } from '@lingui/core/macro';
import { ChevronRight } from 'lucide-react';
import { Children, Fragment, type ReactNode } from 'react';

/** Where a page stands: links to what it is a part of, the widest first, and its own name. */
export function Breadcrumb({ children, here }: { children: ReactNode; here: string }) {
  return (
    <nav
      aria-label={t`Breadcrumb`}
      className="flex min-w-0 items-center gap-1 text-ink-3 text-xs [&>a:hover]:text-ink [&>a]:max-w-1/2 [&>a]:shrink-0 [&>a]:truncate [&>a]:rounded-xs [&>svg]:size-3 [&>svg]:shrink-0"
    >
      {Children.map(children, (link) => (
        <Fragment>
          {link}
          <ChevronRight aria-hidden />
        </Fragment>
      ))}
      <span className="min-w-0 truncate">{here}</span>
    </nav>
  );
}
