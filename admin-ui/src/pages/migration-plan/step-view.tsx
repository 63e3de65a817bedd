import type { StepWords } from '../../migrations/describe-step.ts';
import { CodeBlock } from '../../ui/code-block.tsx';

/** One step or check of a plan, its SQL word for word. */
export function StepView({ step: { what, code, notes } }: { step: StepWords }) {
  return (
    <li className="flex min-w-0 flex-col gap-1">
      {code === undefined ? <p className="text-xs">{what}</p> : <CodeBlock title={what} code={code} wraps />}
      {notes.length > 0 && <p className="break-words text-ink-3 text-xs">{notes.join(' · ')}</p>}
    </li>
  );
}
