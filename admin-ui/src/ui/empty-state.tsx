import type { ReactNode } from 'react';

interface EmptyStateProps {
  title: string;
  /** The next step, in words; its buttons and snippets follow as children. */
  text: ReactNode;
  children?: ReactNode;
}

/** Nothing is here yet: says what would be, and how to get there. */
export function EmptyState({ title, text, children }: EmptyStateProps) {
  return (
    <div className="mx-auto flex w-full min-w-0 max-w-140 flex-col items-center px-5 py-12 text-center">
      <h2 className="font-semibold text-base">{title}</h2>
      <p className="mt-1 max-w-100 text-ink-2">{text}</p>
      {children && <div className="mt-5 flex w-full flex-col items-center gap-5">{children}</div>}
    </div>
  );
}
