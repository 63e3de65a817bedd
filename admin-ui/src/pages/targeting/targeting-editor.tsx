import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useMayForCertain } from '../../api/permissions.ts';
import { attributesQuery } from '../../api/targeting.ts';
import type { Environment, Flag, FlagEnvironment } from '../../api/types.ts';
import { FindingNotes } from '../../conditions/finding-notes.tsx';
import { FindingsProvider, SurroundingsProvider } from '../../conditions/surroundings.ts';
import { approvalPath } from '../../paths.ts';
import { PresenceNote } from '../../presence/presence-note.tsx';
import { Button } from '../../ui/button.tsx';
import type { FormErrors } from '../../ui/form-errors.ts';
import { Notice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { LoadingNote } from '../../ui/skeleton.tsx';
import { ChangeBar } from './change-bar.tsx';
import type { AmendedRequest } from './draft.ts';
import { type Editor, EditorProvider } from './editor-context.ts';
import { findingsOf } from './findings.ts';
import { MergeDialog } from './merge-dialog.tsx';
import { ReviewDialog } from './review-dialog.tsx';
import { TargetingForm } from './targeting-form.tsx';
import { useDraft } from './use-draft.ts';

interface TargetingEditorProps {
  user: string;
  project: string;
  flag: Flag;
  environment: Environment;
  state: FlagEnvironment;
}

const noAttributes: Editor['attributes'] = [];

const views = [
  { value: 'form', label: msg`Form` },
  { value: 'json', label: msg`JSON` },
] as const;

/** Read when it is first shown: it brings an editor. */
const TargetingJson = lazy(async () => ({ default: (await import('./targeting-json.tsx')).TargetingJson }));

/** Edits how one environment serves a flag. Nothing is sent before it is reviewed and saved. */
export function TargetingEditor({ user, project, flag, environment, state }: TargetingEditorProps) {
  const place = { user, project, flag: flag.key, environment: environment.key };
  const { draft, edits, isBehind, change, replace } = useDraft(place, state);
  const [refused, setRefused] = useState<FormErrors>({});
  const [open, setOpen] = useState<'review' | 'merge'>();
  /** How often another draft took the place of this one: what shows it as text then begins anew. */
  const [begun, setBegun] = useState(0);
  const isUnfinished = draft.text !== undefined;
  const [view, setView] = useState<'form' | 'json'>(isUnfinished ? 'json' : 'form');
  const may = useMayForCertain(project, environment.key);
  const navigate = useNavigate();
  const { data: attributes = noAttributes } = useQuery({
    ...attributesQuery(project, environment.key),
    enabled: may('contexts:read'),
  });
  const { mine, base } = draft;
  const findings = findingsOf(flag, mine, refused);
  const editor = useMemo<Editor>(
    () => ({ project, flag, environment, attributes }),
    [project, flag, environment, attributes],
  );
  const edit = (part: Parameters<typeof change>[0]) => {
    setRefused({});
    change(part);
  };
  const settle = (next: Parameters<typeof replace>[0]) => {
    setRefused({});
    setOpen(undefined);
    setBegun(begun + 1);
    replace(next);
  };
  const dropText = () => {
    const { text: _, ...served } = draft;
    replace(served);
  };
  return (
    <EditorProvider value={editor}>
      <SurroundingsProvider value={editor}>
        <FindingsProvider value={findings}>
          <PresenceNote
            project={project}
            at={{ kind: 'flag', key: flag.key, environment: environment.key }}
            editing={edits.length > 0 || isUnfinished}
          />
          <div className="flex justify-end">
            <Segmented label={t`Edit as`} value={view} options={views} onChange={setView} />
          </div>
          {draft.request && <AmendedNote project={project} request={draft.request} />}
          {view === 'form' && isUnfinished && <UnfinishedJson onShow={() => setView('json')} onDrop={dropText} />}
          {view === 'form' && !isUnfinished && <TargetingForm mine={mine} base={base} onChange={edit} />}
          {view === 'json' && (
            <Panel title={t`Targeting`} note={t`As it is stored and served.`}>
              <Suspense fallback={<LoadingNote what={t`the editor`} />}>
                <TargetingJson
                  key={`${begun} ${draft.version}`}
                  flag={flag}
                  draft={draft}
                  onChange={(next) => {
                    setRefused({});
                    replace(next);
                  }}
                />
              </Suspense>
            </Panel>
          )}
          <FindingNotes at="" exactly />
          <ChangeBar
            changes={edits.length}
            errors={findings.filter(({ severity }) => severity === 'error').length}
            isBehind={isBehind}
            isUnfinished={isUnfinished}
            onDiscard={() => settle(undefined)}
            onReview={() => setOpen('review')}
            onMerge={() => setOpen('merge')}
          />
          {open === 'review' && (
            <ReviewDialog
              project={project}
              flag={flag}
              environment={environment}
              draft={draft}
              edits={edits}
              onChange={replace}
              onClose={() => setOpen(undefined)}
              onDone={() => {
                settle(undefined);
                if (draft.request) void navigate(approvalPath(project, draft.request.id));
              }}
              onBehind={() => setOpen('merge')}
              onRefused={setRefused}
            />
          )}
          {open === 'merge' && isBehind && (
            <MergeDialog
              flag={flag}
              environment={environment}
              state={state}
              draft={draft}
              onClose={() => setOpen(undefined)}
              onChoose={settle}
            />
          )}
        </FindingsProvider>
      </SurroundingsProvider>
    </EditorProvider>
  );
}

/** Says that what is edited is what a change request proposes. */
function AmendedNote({ project, request }: { project: string; request: AmendedRequest }) {
  return (
    <p role="status" className="break-words rounded-sm border border-edge bg-sunken px-3 py-2 text-ink-2">
      <Trans>
        This is what the change request{' '}
        <Link {...approvalPath(project, request.id)} className="text-link underline">
          {request.title}
        </Link>{' '}
        proposes, to be edited: reviewing it changes the request, not the flag.
      </Trans>
    </p>
  );
}

/** In place of the form while there is JSON that it cannot show: what is done in one must not undo the other. */
function UnfinishedJson({ onShow, onDrop }: { onShow: () => void; onDrop: () => void }) {
  return (
    <Notice
      title={t`What you typed as JSON cannot be served yet, so the form cannot show it`}
      actions={
        <>
          <Button onClick={onShow}>
            <Trans>Go on with the JSON</Trans>
          </Button>
          <Button look="quiet" onClick={onDrop}>
            <Trans>Go back to what it was before</Trans>
          </Button>
        </>
      }
    />
  );
}
