import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

/** Facts about one thing, name beside value. */
export function FactList({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <dl
      className={classNames(
        'grid grid-cols-[minmax(min(7rem,40%),auto)_minmax(0,1fr)] gap-x-6 gap-y-1.5 text-xs',
        className,
      )}
    >
      {children}
    </dl>
  );
}

interface FactProps {
  name: string;
  children: ReactNode;
  /** The value is a code: a key, a hash. */
  mono?: boolean;
}

export function Fact({ name, children, mono = false }: FactProps) {
  return (
    <div className="contents">
      <dt className="text-ink-3">{name}</dt>
      <dd className={mono ? 'break-all font-mono' : 'break-words tabular-nums'}>{children}</dd>
    </div>
  );
}
