import { Trans } from '@lingui/react/macro';
import { Check } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { classNames } from '../../ui/class-names.ts';

interface StepProps {
  number: number;
  title: string;
  isDone: boolean;
  children: ReactNode;
}

/** One step of several. */
export function Step({ number, title, isDone, children }: StepProps) {
  const id = useId();
  return (
    <li aria-labelledby={id} className="rounded-md border border-line bg-surface">
      <h2 id={id} className="flex items-center gap-2.5 px-4 pt-3 font-semibold text-sm">
        <span
          aria-hidden
          className={classNames(
            'grid size-5.5 shrink-0 place-items-center rounded-full text-xs tabular-nums',
            isDone ? 'bg-live text-on-accent' : 'border border-edge-strong text-ink-2',
          )}
        >
          {isDone ? <Check className="size-3.5" /> : number}
        </span>
        {title}
        {isDone && (
          <span className="sr-only">
            <Trans>done</Trans>
          </span>
        )}
      </h2>
      <div className="flex flex-col gap-4 px-4 pt-2.5 pb-4 sm:ps-12">{children}</div>
    </li>
  );
}
