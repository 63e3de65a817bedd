import { describeEdit } from '@bunting/core';
import { t } from '@lingui/core/macro';
import type { ChangeRequest, Project } from '../../api/types.ts';
import { Panel } from '../../ui/panel.tsx';
import { EnvironmentOf } from '../approvals/approvals-page.tsx';

type Change = ChangeRequest['changes'][number];

/** What a request that is over was about, change by change; also what a schedule is about. */
export function MadeChanges({ project, request }: { project: Project; request: Pick<ChangeRequest, 'changes'> }) {
  return (
    <Panel title={t`Changes`}>
      <ChangeList project={project} changes={request.changes} />
    </Panel>
  );
}

export function ChangeList({ project, changes }: { project: Project; changes: readonly Change[] }) {
  return (
    <ul aria-label={t`Changes`}>
      {changes.map((change, at) => (
        <li key={at} className="flex flex-col gap-1.5 border-line border-b px-4 py-2.5 last:border-b-0">
          <p className="flex flex-wrap items-center gap-2">
            <code className="min-w-0 break-all font-mono">{'flag' in change ? change.flag : change.segment}</code>
            {'environment' in change && <EnvironmentOf project={project} environment={change.environment} />}
          </p>
          <ul className="flex flex-col gap-1">
            {sentencesOf(change).map((sentence) => (
              <li key={sentence} className="break-words border-edge border-s-2 ps-2.5 text-ink-2">
                {sentence}
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}

/** What a change does, a sentence for each of its edits. */
export function sentencesOf(change: Change): string[] {
  if ('archived' in change) return [change.archived ? t`Archive the flag` : t`Restore the flag`];
  return change.edits.map((edit) => describeEdit(edit as Parameters<typeof describeEdit>[0]));
}
