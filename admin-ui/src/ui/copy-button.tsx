import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from './button.tsx';

/** Copies `text`. `label` says what, for its accessible name ("Copy secret"). */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [state, setState] = useState<'idle' | 'copied' | 'refused'>('idle');
  useEffect(() => {
    if (state === 'idle') return;
    const timer = setTimeout(() => setState('idle'), 2_000);
    return () => clearTimeout(timer);
  }, [state]);
  return (
    <Button
      aria-label={label}
      onClick={async () => setState((await copy(text)) ? 'copied' : 'refused')}
      className="tabular-nums"
    >
      {state === 'copied' ? <Check aria-hidden /> : <Copy aria-hidden />}
      <span aria-live="polite">{{ idle: 'Copy', copied: 'Copied', refused: 'Select and copy by hand' }[state]}</span>
    </Button>
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
