import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { JsonEditor } from '../../ui/json-editor.tsx';
import { Notice } from '../../ui/notice.tsx';
import { readCondition, type SegmentDraft } from './segment-draft.ts';

interface ConditionJsonProps {
  draft: Pick<SegmentDraft, 'when' | 'text'>;
  onChange: (part: Pick<SegmentDraft, 'when' | 'text'>) => void;
}

/** The condition as it is stored. What is typed becomes the draft whenever it is one; until then it is kept beside it. */
export function ConditionJson({ draft, onChange }: ConditionJsonProps) {
  const { when, text } = draft;
  const [initial] = useState(() => text ?? (when === undefined ? '' : JSON.stringify(when, undefined, 2)));
  const read = readCondition(text ?? '');
  return (
    <div className="flex flex-col gap-2">
      <JsonEditor
        label={t`Condition as JSON`}
        initial={initial}
        onChange={(next) => {
          const typed = readCondition(next);
          onChange(typed.ok ? { when: typed.when, text: undefined } : { when, text: next });
        }}
      />
      {!read.ok && (
        <Notice title={t`This is no condition: the draft is still as it was before`}>
          <ul>
            {read.problems.slice(0, 10).map((problem) => (
              <li key={problem} className="break-words text-xs">
                {problem}
              </li>
            ))}
          </ul>
        </Notice>
      )}
    </div>
  );
}
