import type { SignalSource } from '../../api/types.ts';
import { CodeBlock } from '../../ui/code-block.tsx';

/** What to type into a vendor so that it sends here. */
export function SetUpSteps({ steps }: { steps: SignalSource['setUp'] }) {
  return (
    <div className="mt-1.5 flex flex-col gap-2">
      {steps.map(({ what, enter }) => (
        <CodeBlock key={what} title={what} code={enter} />
      ))}
    </div>
  );
}
