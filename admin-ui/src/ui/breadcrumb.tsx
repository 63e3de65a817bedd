import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';

/** Where a page stands: a link to the list that it is of, and its own name. */
export function Breadcrumb({ children, here }: { children: ReactNode; here: string }) {
  return (
    <nav aria-label="Breadcrumb" className="flex items-center gap-1 text-ink-3 text-xs [&>a:hover]:text-ink">
      {children}
      <ChevronRight className="size-3" aria-hidden />
      <span className="truncate">{here}</span>
    </nav>
  );
}
