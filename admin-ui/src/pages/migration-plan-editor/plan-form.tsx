import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { asApiError, fieldErrors } from '../../api/api-error.ts';
import { createMigrationPlan, keepMigrationPlan, patchMigrationPlan } from '../../api/migration-plans.ts';
import type { Environment, MigrationPlan } from '../../api/types.ts';
import { migrationPlanPath, migrationPlansPath } from '../../paths.ts';
import { Button, buttonShape } from '../../ui/button.tsx';
import type { FormErrors } from '../../ui/form-errors.ts';
import { Notice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { LoadingNote } from '../../ui/skeleton.tsx';
import { toastDone } from '../../ui/toast.tsx';
import { useForm } from '../../ui/use-form.ts';
import { examples } from './examples.ts';
import { checkPlan, draftOf, type PlanDraft, problemsIn, writtenOf } from './plan-draft.ts';
import { PlanFields } from './plan-fields.tsx';

/** Read when it is first shown: it brings an editor. */
const PhasesJson = lazy(async () => ({ default: (await import('./phases-json.tsx')).PhasesJson }));

interface PlanFormProps {
  project: string;
  environment: Environment;
  /** The plan that is changed; absent: a new one. */
  plan?: MigrationPlan;
}

/** Makes a migration plan, or changes one. Nothing of it is begun by that. */
export function PlanForm({ project, environment, plan }: PlanFormProps) {
  const client = useQueryClient();
  const navigate = useNavigate();
  /** What someone else makes of it meanwhile, or the plan itself by moving, is not overwritten. */
  const [before] = useState(plan);
  /** How often an example took the place of the text: the editor then begins anew. */
  const [begun, setBegun] = useState(0);
  const { values, change, errors, busy, onSubmit } = useForm({
    initial: draftOf(before),
    check: (draft: PlanDraft) => checkPlan(draft, before),
    submit: async ({ key, ...body }) => {
      const place = { project, environment: environment.key, plan: key };
      const saved = before
        ? await patchMigrationPlan(place, before.version, body)
        : await createMigrationPlan(project, environment.key, { key, ...body });
      keepMigrationPlan(client, place, saved);
      toastDone({ title: before ? t`${key} is changed` : t`${key} is planned: nothing is begun` });
      await navigate(migrationPlanPath(project, environment.key, key));
    },
    explain: (error): FormErrors => {
      const problem = asApiError(error);
      if (problem.code === 'conflict' && !before) return { key: problem.message };
      return fieldErrors(problem);
    },
  });
  const problems = problemsIn(errors);
  const wrong = Object.keys(errors).length;
  const beginFrom = ({ plan: example }: (typeof examples)[number]) => {
    setBegun(begun + 1);
    change({ text: writtenOf(example), app: example.code?.app ?? '', version: example.code?.version ?? '' });
  };
  const away = before ? migrationPlanPath(project, environment.key, before.key) : undefined;
  const look = `${buttonShape} border border-edge bg-raised text-ink shadow-control hover:bg-hover`;
  return (
    <form onSubmit={onSubmit} noValidate aria-label={t`Migration plan`} className="flex flex-col gap-4">
      <Panel title={t`What it works on`}>
        <PlanFields project={project} plan={before} draft={values} errors={errors} onChange={change} />
      </Panel>
      <Panel title={t`Phases`} note={t`The steps into each phase, what must hold then, and the steps back out.`}>
        <div className="flex flex-col gap-3 px-4 py-3.5">
          {!before && (
            <fieldset aria-label={t`Begin from`} className="flex flex-wrap items-center gap-2">
              <span className="text-ink-2 text-xs">
                <Trans>Begin from</Trans>
              </span>
              {examples.map((example) => (
                <Button key={t(example.label)} onClick={() => beginFrom(example)}>
                  {t(example.label)}
                </Button>
              ))}
            </fieldset>
          )}
          <Suspense fallback={<LoadingNote what={t`the editor`} />}>
            <PhasesJson key={begun} text={values.text} problems={problems} onChange={(text) => change({ text })} />
          </Suspense>
          <p className="text-ink-3 text-xs">
            <Trans>
              A step is <Code>sql</Code>, <Code>backfill</Code>, <Code>check</Code>, <Code>webhook</Code> or{' '}
              <Code>command</Code>; each phase has <Code>up</Code>, <Code>down</Code> and <Code>verify</Code>. A
              backfill does <Code>:limit</Code> rows after <Code>:cursor</Code> and returns where it came to.
            </Trans>
          </p>
        </div>
      </Panel>
      {wrong > 0 && (
        <Notice
          title={
            errors[''] ??
            t`Not yet: ${plural(wrong, { one: '# problem', other: '# problems' })}, each told above where it is`
          }
        />
      )}
      <footer className="flex justify-end gap-2">
        {away ? (
          <Link {...away} className={look}>
            <Trans>Cancel</Trans>
          </Link>
        ) : (
          <Link {...migrationPlansPath(project, { environment: environment.key })} className={look}>
            <Trans>Cancel</Trans>
          </Link>
        )}
        <Button type="submit" look={environment.production ? 'production' : 'primary'} busy={busy}>
          {before ? t`Save` : t`Create plan`}
        </Button>
      </footer>
    </form>
  );
}

function Code({ children }: { children: string }) {
  return <code className="font-mono">{children}</code>;
}
