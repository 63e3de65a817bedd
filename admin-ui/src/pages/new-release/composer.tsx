import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { asApiError, fieldErrors } from '../../api/api-error.ts';
import { useMay } from '../../api/permissions.ts';
import { createRelease, editRelease, releaseQuery } from '../../api/releases.ts';
import { sessionQuery } from '../../api/session.ts';
import type { CreateReleaseBody, Project, Release, ReleaseTemplate } from '../../api/types.ts';
import { EnvironmentSelect } from '../../environments/environment-select.tsx';
import { releasePath, releasesPath } from '../../paths.ts';
import type { ReleaseSpec } from '../../releases/release-spec.ts';
import { Button } from '../../ui/button.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import type { FormErrors } from '../../ui/form-errors.ts';
import { Notice } from '../../ui/notice.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { LoadingNote } from '../../ui/skeleton.tsx';
import { useForm } from '../../ui/use-form.ts';
import { DraftFields } from './draft-fields.tsx';
import { keepRelease, readKept } from './kept-release.ts';
import { OutdatedNotice } from './outdated-notice.tsx';
import { problemSentences } from './problem-words.ts';
import { checkDraft, inEnvironment } from './release-draft.ts';
import { ReleasePreview } from './release-preview.tsx';
import { SaveTemplateDialog } from './save-template-dialog.tsx';
import { useLint } from './use-lint.ts';

const views = [
  { value: 'form', label: msg`Form` },
  { value: 'json', label: msg`JSON` },
] as const;

/** The place of what someone else has saved meanwhile, among errors. */
const outdated = 'outdated';

/** Read when it is first shown: it brings an editor. */
const ReleaseJson = lazy(async () => ({ default: (await import('./release-json.tsx')).ReleaseJson }));

interface ComposerProps {
  project: Project;
  /** What it is begun from: a draft of the same is found again. */
  origin: string;
  template: ReleaseTemplate | undefined;
  /** The draft to begin with, given what was named for another one before. */
  begin: (before: ReleaseSpec) => ReleaseSpec;
  /** What it is begun from, for people. */
  about: ReactNode;
  /** The draft that becomes what is composed; absent: a new one is made. */
  edited?: Release;
}

/** Composes a release. The draft is kept in the tab; the server says meanwhile what the release would see, and refuse. */
export function Composer({ project, origin, template, begin, about, edited }: ComposerProps) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const { data: user } = useSuspenseQuery(sessionQuery);
  const place = { user: user?.id ?? '', project: project.key };
  const [kept, setKept] = useState(() => readKept(place));
  const [version, setVersion] = useState(edited?.version);
  // What was begun from an earlier version is not found again: it would replace the later one.
  const from = version === undefined ? origin : `${origin} ${version}`;
  const isKept = kept?.origin === from;
  const { values, change, errors, busy, onSubmit } = useForm<{ draft: ReleaseSpec }, CreateReleaseBody>({
    initial: { draft: isKept ? kept.spec : begin(kept?.spec ?? nothing(project)) },
    check: ({ draft }) => checkDraft(draft),
    submit: async (body) => {
      const { id } = await (edited && version !== undefined
        ? editRelease(project.key, edited.id, version, body)
        : createRelease(project.key, body));
      keepRelease(place, undefined);
      void client.invalidateQueries({ queryKey: ['releases', project.key] });
      void navigate(releasePath(project.key, id));
    },
    explain: (error): FormErrors => {
      const problem = asApiError(error);
      if (edited && problem.code === 'version_mismatch') {
        void client.invalidateQueries({ queryKey: releaseQuery(project.key, edited.id).queryKey });
        return { [outdated]: problem.message };
      }
      return { ...problemSentences(fieldErrors(problem)), '': problem.message };
    },
  });
  const { draft } = values;
  const [view, setView] = useState<'form' | 'json'>('form');
  const [isSaving, setSaving] = useState(false);
  const edit = (next: ReleaseSpec) => {
    keepRelease(place, { origin: from, spec: next });
    change({ draft: next });
  };
  const forget = () => {
    keepRelease(place, undefined);
    setKept(undefined);
    setView('form');
    change({ draft: begin(nothing(project)) });
  };
  const may = useMay(project.key, draft.environment);
  const mayMake = may('release:write');
  const linted = useLint(project.key, draft, mayMake);
  const { [outdated]: theirs, ...mistakes } = errors;
  const said = { ...linted.problems, ...mistakes };
  return (
    <form
      onSubmit={onSubmit}
      noValidate
      aria-label={edited ? t`Edit draft` : t`New release`}
      className="flex flex-col gap-4"
    >
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <p className="min-w-0 flex-1 basis-80 text-ink-2">{about}</p>
        <Segmented label={t`View`} value={view} options={views} onChange={setView} />
        <Button onClick={() => setSaving(true)}>
          <Trans>Save as template</Trans>
        </Button>
      </div>
      {kept && (isKept || template) && (
        <p className="flex flex-wrap items-center gap-2 text-ink-3 text-xs">
          {isKept ? t`It is as you left it.` : t`What you named for another way is here again.`}
          <Button look="quiet" onClick={forget}>
            <Trans>Begin anew</Trans>
          </Button>
        </p>
      )}
      {errors[''] && <Notice title={errors['']} />}
      {edited && theirs !== undefined && (
        <OutdatedNotice
          message={theirs}
          isRead={edited.version !== version}
          onTheirs={() => {
            setVersion(edited.version);
            forget();
          }}
          onMine={() => {
            setVersion(edited.version);
            change({});
          }}
        />
      )}
      {!mayMake && (
        <Notice title={t`You may not make releases in this environment`}>
          <Trans>Choose another one, or ask whoever gives roles for one that may write releases.</Trans>
        </Notice>
      )}
      {view === 'form' ? (
        <>
          <div className="grid gap-4 sm:grid-cols-[minmax(0,1fr)_auto]">
            <Field label={t`Title`} error={said.title}>
              <TextInput
                name="title"
                autoFocus
                autoComplete="off"
                maxLength={200}
                placeholder={t`New checkout`}
                value={draft.title}
                onChange={(title) => edit({ ...draft, title })}
              />
            </Field>
            <div className="flex min-w-0 flex-col gap-1.5">
              <span className="font-medium text-xs">
                <Trans>Environment</Trans>
              </span>
              <div className="overflow-x-auto">
                <EnvironmentSelect
                  // What is named by keys in one is something else in another: a draft stays where it was made.
                  environments={project.environments.filter(({ key }) => !edited || key === edited.environment)}
                  value={draft.environment}
                  onChange={(environment) => edit(inEnvironment(draft, environment))}
                />
              </div>
            </div>
          </div>
          <DraftFields project={project.key} draft={draft} errors={said} lint={linted.lint} onChange={edit} />
        </>
      ) : (
        <Suspense fallback={<LoadingNote what={t`the editor`} />}>
          <ReleaseJson draft={draft} errors={said} onChange={edit} />
        </Suspense>
      )}
      <ReleasePreview draft={draft} linted={linted} />
      <footer className="flex justify-end gap-2">
        <Button onClick={() => void navigate(edited ? releasePath(project.key, edited.id) : releasesPath(project.key))}>
          <Trans>Cancel</Trans>
        </Button>
        <Button type="submit" look="primary" busy={busy} disabled={!mayMake}>
          {edited ? t`Save draft` : t`Create draft`}
        </Button>
      </footer>
      {isSaving && (
        <SaveTemplateDialog project={project.key} draft={draft} template={template} onClose={() => setSaving(false)} />
      )}
    </form>
  );
}

/** What is named before anything is: where a release goes first, which is not where it is felt most. */
function nothing({ environments }: Project): ReleaseSpec {
  const first = environments.find(({ production }) => !production) ?? environments.at(-1);
  return {
    ...{ title: '', environment: first?.key ?? '', strategy: 'flag_only', flags: [], stages: [] },
    ...{ bakeSeconds: 0, rollbackWindowSeconds: 0 },
  };
}
