import { msg, t } from '@lingui/core/macro';
import { CircleCheck, CircleDashed, CircleHelp } from 'lucide-react';
import { classNames } from '../../ui/class-names.ts';
import type { PathStep } from './trace-steps.ts';

const icons = { decides: CircleCheck, passes: CircleDashed, unknown: CircleHelp } as const;
const colours = { decides: 'text-live-ink', passes: 'text-ink-3', unknown: 'text-danger-ink' } as const;
const words = { decides: msg`decides`, passes: msg`goes on`, unknown: msg`unknown, goes on` } as const;

/** How an answer came about, drawn as the path that the evaluation took from question to question. */
export function TracePath({ steps, label }: { steps: readonly PathStep[]; label: string }) {
  return (
    <ol aria-label={label} className="flex flex-col">
      {steps.map((step, at) => {
        const Icon = icons[step.outcome];
        const isLast = at === steps.length - 1;
        return (
          <li key={`${at} ${step.asks}`} className="grid grid-cols-[1.25rem_minmax(0,1fr)] gap-x-2.5">
            <span aria-hidden className="flex flex-col items-center">
              <Icon className={classNames('mt-0.5 size-4 shrink-0', colours[step.outcome])} />
              {!isLast && <span className="w-px flex-1 bg-edge" />}
            </span>
            <div className={classNames('flex min-w-0 flex-col gap-1', isLast ? '' : 'pb-3')}>
              <p className="break-words">
                <span className="text-ink-2">{step.asks}</span>{' '}
                <strong className={classNames('font-medium', step.outcome === 'decides' && 'text-live-ink')}>
                  {step.says}
                </strong>
                <span className="sr-only"> ({t(words[step.outcome])})</span>
              </p>
              {step.details.length > 0 && (
                <pre className="whitespace-pre-wrap break-words font-mono text-2xs text-ink-3">
                  {step.details.join('\n')}
                </pre>
              )}
              {step.inner && (
                <div className="border-line border-s-2 ps-3">
                  <TracePath steps={step.inner} label={t`${step.asks} Its own path`} />
                </div>
              )}
            </div>
          </li>
        );
      })}
    </ol>
  );
}
