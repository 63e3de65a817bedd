import { t } from '@lingui/core/macro';
import { Undo2 } from 'lucide-react';
import { describeRisk } from '../../releases/describe-risk.ts';
import type { ReleaseSpec } from '../../releases/release-spec.ts';
import { StageTrack } from '../../releases/stage-track.tsx';
import { Panel } from '../../ui/panel.tsx';
import type { Linted } from './use-lint.ts';
import { describeLength, describeWaysBack } from './way-words.ts';

interface ReleasePreviewProps {
  draft: ReleaseSpec;
  linted: Linted;
}

/** The release as a line of stages, as its page will show it, with its length, its ways back and its risks. */
export function ReleasePreview({ draft, linted: { lint, silence } }: ReleasePreviewProps) {
  const points = lint?.pointsOfNoReturn ?? [];
  return (
    <Panel title={t`What it will do`} note={describeLength(draft)}>
      <div className="flex flex-col gap-3 px-4 py-3">
        <StageTrack
          release={{
            ...draft,
            ...{ phase: 'draft', stage: 0, attempt: 1, enteredAt: null, pauses: [], approvedBy: [] },
            pointsOfNoReturn: points,
          }}
          runs={undefined}
          nowMs={0}
        />
        <ul className="flex flex-col gap-1 text-ink-2 text-xs">
          {describeWaysBack(draft, points).map((sentence) => (
            <li key={sentence} className="flex gap-2">
              <Undo2 className="mt-0.5 size-3.5 shrink-0 text-ink-3" aria-hidden />
              <span className="min-w-0 break-words">{sentence}</span>
            </li>
          ))}
        </ul>
        {(lint || silence) && (
          <p role="status" className="text-ink-3 text-xs tabular-nums">
            {lint ? describeRisk(lint) : silence}
          </p>
        )}
      </div>
    </Panel>
  );
}
