import { t } from '@lingui/core/macro';
import { Undo2, X } from 'lucide-react';
import type { ChangeRequest, Project } from '../../api/types.ts';
import { IconButton } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { EnvironmentOf } from '../approvals/approvals-page.tsx';
import { editKey, type LeftOut } from './left-out.ts';
import { sentencesOf } from './made-changes.tsx';

interface EditedChangesProps {
  project: Project;
  changes: ChangeRequest['changes'];
  leftOut: LeftOut;
  onChange: (leftOut: LeftOut) => void;
}

/** The edits of a request, each of which can be left out of it, and taken in again. */
export function EditedChanges({ project, changes, leftOut, onChange }: EditedChangesProps) {
  const toggle = (key: string) => {
    const next = new Set(leftOut);
    if (!next.delete(key)) next.add(key);
    onChange(next);
  };
  return (
    <ul aria-label={t`What it changes`} className="flex flex-col gap-3">
      {changes.map((change, at) => (
        <li key={at} className="flex min-w-0 flex-col gap-1">
          <p className="flex flex-wrap items-center gap-2">
            <code className="min-w-0 break-all font-mono text-xs">
              {'flag' in change ? change.flag : change.segment}
            </code>
            {'environment' in change && <EnvironmentOf project={project} environment={change.environment} />}
          </p>
          <ul className="flex flex-col gap-1">
            {sentencesOf(change).map((sentence, edit) => {
              const key = editKey(at, edit);
              const isOut = leftOut.has(key);
              return (
                <li key={key} className="flex items-start gap-2 border-edge border-s-2 ps-2.5">
                  <span className={classNames('min-w-0 flex-1 break-words py-1', isOut && 'text-ink-3 line-through')}>
                    {sentence}
                  </span>
                  <IconButton
                    label={isOut ? t`Take in again: ${sentence}` : t`Leave out: ${sentence}`}
                    onClick={() => toggle(key)}
                  >
                    {isOut ? <Undo2 aria-hidden /> : <X aria-hidden />}
                  </IconButton>
                </li>
              );
            })}
          </ul>
        </li>
      ))}
    </ul>
  );
}
