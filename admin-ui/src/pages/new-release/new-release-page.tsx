import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { asApiError, fieldErrors } from '../../api/api-error.ts';
import { projectQuery } from '../../api/projects.ts';
import { createRelease } from '../../api/releases.ts';
import type { CreateReleaseBody, Project } from '../../api/types.ts';
import { EnvironmentName } from '../../environments/environment-name.tsx';
import { patterns, releasePath, releasesPath } from '../../paths.ts';
import { Breadcrumb } from '../../ui/breadcrumb.tsx';
import { Button } from '../../ui/button.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { NumberInput } from '../../ui/number-input.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { useForm } from '../../ui/use-form.ts';
import { Page, PageHeader } from '../layout/page-header.tsx';
import { FlagFields } from './flag-fields.tsx';
import { checkDraft, draftFlag, type ReleaseDraft, stagesOf, templates } from './release-draft.ts';
import { StageFields } from './stage-fields.tsx';

/** Composes a release: it is a draft, and moves nobody, until it is started. */
export function NewReleasePage() {
  const { project: key } = getRouteApi(patterns.newRelease).useParams();
  const { data: project } = useSuspenseQuery(projectQuery(key));
  const client = useQueryClient();
  const navigate = useNavigate();
  const { values, change, errors, busy, onSubmit } = useForm<ReleaseDraft, CreateReleaseBody>({
    initial: firstDraft(project),
    check: checkDraft,
    submit: async (body) => {
      const { id } = await createRelease(key, body);
      void client.invalidateQueries({ queryKey: ['releases', key] });
      void navigate(releasePath(key, id));
    },
    explain: (error) => {
      const problem = asApiError(error);
      return { ...fieldErrors(problem), '': problem.message };
    },
  });
  const inEnvironment = (environment: string) =>
    change({ environment, flags: values.flags.map(({ flag }) => draftFlag(flag, environment)) });
  return (
    <Page title="New release">
      <div className="flex flex-col gap-1">
        <Breadcrumb here="New release">
          <Link {...releasesPath(key)}>Releases</Link>
        </Breadcrumb>
        <PageHeader title="New release">
          <p className="text-ink-2">It is a draft until someone starts it. Nobody is moved before that.</p>
        </PageHeader>
      </div>
      <form onSubmit={onSubmit} noValidate aria-label="New release" className="flex flex-col gap-4">
        {errors[''] && <Notice title={errors['']} />}
        <div className="grid gap-4 sm:grid-cols-[minmax(0,1fr)_auto]">
          <Field label="Title" error={errors.title}>
            <TextInput
              name="title"
              autoFocus
              autoComplete="off"
              maxLength={200}
              placeholder="New checkout"
              value={values.title}
              onChange={(title) => change({ title })}
            />
          </Field>
          <div className="flex min-w-0 flex-col gap-1.5">
            <span className="font-medium text-xs">Environment</span>
            <div className="overflow-x-auto">
              <Segmented
                label="Environment"
                value={values.environment}
                options={project.environments.map((environment) => ({
                  ...{ value: environment.key, label: <EnvironmentName environment={environment} /> },
                }))}
                onChange={inEnvironment}
              />
            </div>
          </div>
        </div>
        <FlagFields
          project={key}
          environment={values.environment}
          flags={values.flags}
          errors={errors}
          onChange={(flags) => change({ flags })}
        />
        <StageFields stages={values.stages} errors={errors} onChange={(stages) => change({ stages })} />
        <AfterFields draft={values} onChange={change} />
        <footer className="flex justify-end gap-2">
          <Button onClick={() => void navigate(releasesPath(key))}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy}>
            Create draft
          </Button>
        </footer>
      </form>
    </Page>
  );
}

function AfterFields({ draft, onChange }: { draft: ReleaseDraft; onChange: (part: Partial<ReleaseDraft>) => void }) {
  return (
    <Panel title="Afterwards">
      <div className="flex flex-wrap items-center gap-x-6 gap-y-2 px-4 py-3 text-ink-2 text-xs">
        <span className="flex items-center gap-1.5">
          bake for
          <span className="w-20">
            <NumberInput
              label="Minutes that it bakes"
              value={draft.bakeMinutes}
              onChange={(bakeMinutes) => onChange({ bakeMinutes })}
              {...{ min: 0, max: 90 * 1_440, digits: 1 }}
            />
          </span>
          min before it has succeeded
        </span>
        <span className="flex items-center gap-1.5">
          can be rolled back for
          <span className="w-20">
            <NumberInput
              label="Hours in which it can be rolled back"
              value={draft.rollbackHours}
              onChange={(rollbackHours) => onChange({ rollbackHours })}
              {...{ min: 0, max: 365 * 24, digits: 1 }}
            />
          </span>
          h more
        </span>
      </div>
    </Panel>
  );
}

function firstDraft(project: Project): ReleaseDraft {
  const last = project.environments.at(-1);
  const environment = project.environments.find(({ production }) => !production) ?? last;
  return {
    ...{ title: '', environment: environment?.key ?? '', flags: [] },
    stages: stagesOf(templates[0]),
    ...{ bakeMinutes: 10, rollbackHours: 168 },
  };
}
