import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

const looks = {
  plain: 'border border-line text-ink-2',
  muted: 'bg-sunken text-ink-3 border border-line',
  production: 'bg-production text-on-production font-semibold uppercase tracking-[0.06em]',
  danger: 'bg-danger-soft text-danger-ink border border-danger-line',
} as const;

/** A word or two that classify what they stand beside. */
export function Badge({ look = 'plain', children }: { look?: keyof typeof looks; children: ReactNode }) {
  return (
    <span
      className={classNames(
        'inline-flex h-4.5 min-w-0 max-w-72 items-center gap-1 rounded-xs px-1.5 text-2xs leading-none [&_svg]:size-3 [&_svg]:shrink-0',
        looks[look],
      )}
    >
      {typeof children === 'string' ? (
        <span className="truncate" title={children}>
          {children}
        </span>
      ) : (
        children
      )}
    </span>
  );
}
