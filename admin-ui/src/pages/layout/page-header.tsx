import type { ReactNode } from 'react';

interface PageHeaderProps {
  title: ReactNode;
  actions?: ReactNode;
  children?: ReactNode;
}

/** The head of a page of the application. */
export function PageHeader({ title, actions, children }: PageHeaderProps) {
  return (
    <header className="flex flex-wrap items-center gap-x-3 gap-y-2">
      <h1 className="min-w-0 break-words font-semibold text-lg tracking-[-0.015em]">{title}</h1>
      {actions && <div className="ml-auto flex items-center gap-2">{actions}</div>}
      {children && <div className="w-full">{children}</div>}
    </header>
  );
}

/** The width and the margins of every page. `title` is the browser's name for it. */
export function Page({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="mx-auto flex w-full max-w-310 flex-col gap-4 px-4 py-5 sm:px-6 lg:px-8 lg:py-6">
      <title>{`${title} · Bunting`}</title>
      {children}
    </div>
  );
}
