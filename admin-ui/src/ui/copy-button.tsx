import { t } from '@lingui/core/macro';
import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button, type ButtonLook } from './button.tsx';

interface CopyButtonProps {
  text: string;
  label: string;
  look?: ButtonLook;
  /** Only the icon; for places where what is copied stands right beside it. */
  compact?: boolean;
}

/** Copies `text`. `label` says what, for its accessible name ("Copy secret"). */
export function CopyButton({ text, label, look = 'secondary', compact = false }: CopyButtonProps) {
  const [state, setState] = useState<'idle' | 'copied' | 'refused'>('idle');
  useEffect(() => {
    if (state === 'idle') return;
    const timer = setTimeout(() => setState('idle'), 2_000);
    return () => clearTimeout(timer);
  }, [state]);
  const words = { idle: t`Copy`, copied: t`Copied`, refused: t`Select and copy by hand` }[state];
  return (
    <>
      <Button
        look={look}
        aria-label={label}
        onClick={async () => setState((await copy(text)) ? 'copied' : 'refused')}
        title={label}
        className={compact ? 'w-8 px-0 pointer-coarse:w-10' : ''}
      >
        {state === 'copied' ? <Check aria-hidden /> : <Copy aria-hidden />}
        {!compact && <span>{words}</span>}
      </Button>
      {/* Beside it: what is in a button that has a name of its own is not read out. */}
      <span role="status" className="sr-only">
        {state !== 'idle' && words}
      </span>
    </>
  );
}

/** False when the browser refuses: pages that are not on https or localhost have no clipboard. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
