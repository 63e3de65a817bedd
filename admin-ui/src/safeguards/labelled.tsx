import type { ReactNode } from 'react';

/** A control that names itself, under the words that are seen. */
export function Labelled({
  label,
  error,
  children,
}: {
  label: string;
  error?: string | undefined;
  children: ReactNode;
}) {
  return (
    <div className="flex min-w-0 flex-col gap-1.5 [&>[role=group]]:self-start">
      <span className="font-medium text-xs">{label}</span>
      {children}
      {error !== undefined && (
        <p role="alert" className="text-danger-ink text-xs">
          {error}
        </p>
      )}
    </div>
  );
}
