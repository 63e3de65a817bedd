import type { Condition, Finding } from '@bunting/core';
import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useMayForCertain } from '../../api/permissions.ts';
import { attributesQuery } from '../../api/targeting.ts';
import type { Environment } from '../../api/types.ts';
import { emptyComparison, viewOf } from '../../conditions/condition-view.ts';
import { FindingsProvider, type Surroundings, SurroundingsProvider } from '../../conditions/surroundings.ts';
import { WhenFields } from '../../conditions/when-fields.tsx';
import { describeCondition } from '../../flags/describe-condition.ts';
import { Button } from '../../ui/button.tsx';
import type { FormErrors } from '../../ui/form-errors.ts';
import { Notice } from '../../ui/notice.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { LoadingNote } from '../../ui/skeleton.tsx';
import type { SegmentDraft } from './segment-draft.ts';

/** Read when it is first shown: it brings an editor. */
const ConditionJson = lazy(async () => ({ default: (await import('./condition-json.tsx')).ConditionJson }));

const noAttributes: Surroundings['attributes'] = [];

const views = [
  { value: 'form', label: msg`Form` },
  { value: 'json', label: msg`JSON` },
] as const;

interface ConditionFieldProps {
  project: string;
  environment: Environment;
  draft: Pick<SegmentDraft, 'when' | 'text'>;
  /** Those of the whole form: the ones about `when` are shown at their places. */
  errors: FormErrors;
  onChange: (part: Pick<SegmentDraft, 'when' | 'text'>) => void;
}

/** Who is in a segment, of those whom its keys leave open: built as rules are, or typed as JSON. */
export function ConditionField({ project, environment, draft, errors, onChange }: ConditionFieldProps) {
  const { when, text } = draft;
  const [view, setView] = useState<'form' | 'json'>('form');
  const may = useMayForCertain(project, environment.key);
  const { data: attributes = noAttributes } = useQuery({
    ...attributesQuery(project, environment.key),
    enabled: may('contexts:read'),
  });
  const surroundings = useMemo(() => ({ project, environment, attributes }), [project, environment, attributes]);
  const change = (next: Condition | undefined) => onChange({ when: next, text: undefined });
  return (
    <section aria-label={t`Condition`} className="flex flex-col gap-2">
      <header className="flex items-center gap-2">
        <h3 className="font-medium text-xs">
          <Trans>Condition</Trans>
        </h3>
        <span className="me-auto text-ink-3 text-xs">
          <Trans>optional</Trans>
        </span>
        <Segmented label={t`Edit the condition as`} value={view} options={views} onChange={setView} />
      </header>
      {view === 'json' && (
        <Suspense fallback={<LoadingNote what={t`the editor`} />}>
          <ConditionJson draft={draft} onChange={onChange} />
        </Suspense>
      )}
      {view === 'form' && text !== undefined && (
        <Notice
          title={t`What you typed as JSON is no condition yet, so the form cannot show it`}
          actions={
            <>
              <Button onClick={() => setView('json')}>
                <Trans>Go on with the JSON</Trans>
              </Button>
              <Button look="quiet" onClick={() => change(when)}>
                <Trans>Go back to what it was before</Trans>
              </Button>
            </>
          }
        />
      )}
      {view === 'form' && text === undefined && when === undefined && (
        <div className="flex flex-wrap items-center gap-3">
          <Button onClick={() => change(emptyComparison)}>
            <Trans>
              <Plus aria-hidden />
              Add a condition
            </Trans>
          </Button>
          <span className="text-ink-3 text-xs">
            <Trans>Without one only its keys decide.</Trans>
          </span>
        </div>
      )}
      {view === 'form' && text === undefined && when !== undefined && (
        <SurroundingsProvider value={surroundings}>
          <FindingsProvider value={findingsOf(errors)}>
            <WhenFields
              when={when}
              path="when"
              place={t`the segment`}
              onChange={(next) => change(isEmpty(next) ? undefined : next)}
            />
          </FindingsProvider>
        </SurroundingsProvider>
      )}
      {text === undefined && when !== undefined && (
        <p aria-live="polite" className="break-words rounded-sm bg-sunken px-3 py-2 text-ink-2 text-xs">
          <Trans>Reads as: {describeCondition(when)}</Trans>
        </p>
      )}
    </section>
  );
}

/** Its last part was removed. That must not leave a group without parts, which everyone matches. */
function isEmpty(when: Condition): boolean {
  const view = viewOf(when);
  return view.kind === 'group' && view.parts.length === 0;
}

function findingsOf(errors: FormErrors): Finding[] {
  return Object.entries(errors)
    .filter(([path]) => path.startsWith('when'))
    .map(([path, message]) => ({ code: 'malformed', severity: 'error', kind: 'segment', key: '', path, message }));
}
