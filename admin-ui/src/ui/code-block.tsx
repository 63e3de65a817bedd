import { t } from '@lingui/core/macro';
import { classNames } from './class-names.ts';
import { CopyButton } from './copy-button.tsx';

interface CodeBlockProps {
  /** What the code is for, and the accessible name of its region. */
  title: string;
  code: string;
  /** Long lines are broken instead of scrolled to. */
  wraps?: boolean;
}

/** Code to take along. */
export function CodeBlock({ title, code, wraps = false }: CodeBlockProps) {
  return (
    <figure className="w-full min-w-0 overflow-hidden rounded-sm border border-line bg-sunken text-start">
      <figcaption className="flex items-center justify-between gap-2 border-line border-b py-1 pe-1 ps-3 text-ink-3 text-xs">
        {title}
        <CopyButton look="quiet" text={code} label={t`Copy code`} />
      </figcaption>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        dir="ltr"
        className={classNames(
          'overflow-x-auto px-3 py-2.5 font-mono text-ink-2 text-xs',
          wraps && 'whitespace-pre-wrap break-words',
        )}
      >
        <code>{code}</code>
      </pre>
    </figure>
  );
}
