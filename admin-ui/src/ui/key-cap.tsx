import { classNames } from './class-names.ts';

interface KeyCapProps {
  /** It says something by itself; elsewhere it only hints, beside what it does, where there is a keyboard. */
  alone?: boolean;
  children: string;
}

/** A key of the keyboard. */
export function KeyCap({ alone = false, children }: KeyCapProps) {
  return (
    <kbd
      aria-hidden={!alone || undefined}
      className={classNames(
        'h-4.5 min-w-4.5 place-items-center rounded-xs border border-current/35 px-1 font-mono text-2xs leading-none',
        alone ? 'grid' : 'hidden pointer-fine:grid',
      )}
    >
      {children}
    </kbd>
  );
}
