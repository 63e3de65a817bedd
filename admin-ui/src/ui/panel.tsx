import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

interface PanelProps {
  title: string;
  /** What the section is about, when the title does not say it all. */
  note?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  className?: string;
}

/** A titled section of a page. */
export function Panel({ title, note, actions, children, className }: PanelProps) {
  return (
    <section aria-label={title} className={classNames('rounded-md border border-line bg-surface', className)}>
      <header className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 border-line border-b px-4 py-2">
        <h2 className="font-semibold text-sm">{title}</h2>
        {note && <p className="min-w-0 text-ink-3 text-xs max-sm:order-last max-sm:w-full">{note}</p>}
        {actions && <div className="ms-auto flex items-center gap-2">{actions}</div>}
      </header>
      {children}
    </section>
  );
}
