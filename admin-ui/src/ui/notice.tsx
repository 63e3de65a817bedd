import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';

interface NoticeProps {
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
}

/** Something failed, where it failed: what, and what helps. */
export function Notice({ title, children, actions }: NoticeProps) {
  return (
    <div
      role="alert"
      className="flex gap-2.5 rounded-sm border border-danger-line bg-danger-soft px-3 py-2.5 text-start"
    >
      <TriangleAlert className="mt-0.5 size-4 shrink-0 text-danger-ink" aria-hidden />
      <div className="min-w-0 flex-1">
        <p className="font-medium text-danger-ink">{title}</p>
        {children && <div className="text-ink-2">{children}</div>}
        {actions && <div className="mt-2 flex gap-2">{actions}</div>}
      </div>
    </div>
  );
}
