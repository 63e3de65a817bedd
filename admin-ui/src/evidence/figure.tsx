import type { ReactNode } from 'react';

interface FigureProps {
  title: string;
  /** Names of the curves with their colours. */
  keys: readonly (readonly [string, string])[];
  children: ReactNode;
}

/** A chart with its title, and what each colour means. */
export function Figure({ title, keys, children }: FigureProps) {
  return (
    <figure className="flex min-w-0 flex-col gap-1">
      <figcaption className="flex flex-wrap items-center gap-x-3 gap-y-0.5">
        <span className="font-medium text-ink">{title}</span>
        {keys.map(([name, color]) => (
          <span key={name} className="flex items-center gap-1 text-ink-2">
            <span className="h-1 w-3 rounded-full" style={{ background: color }} aria-hidden />
            {name}
          </span>
        ))}
      </figcaption>
      {children}
    </figure>
  );
}
