import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import type { MigrationPlan } from '../../api/types.ts';
import { targetingPath } from '../../paths.ts';
import { formatSeconds } from '../../releases/stage-duration.ts';
import { Panel } from '../../ui/panel.tsx';

interface PlanFactsProps {
  project: string;
  environment: string;
  plan: MigrationPlan;
}

/** What a plan works on and needs. Of connections only what is no secret is told. */
export function PlanFacts({ project, environment, plan }: PlanFactsProps) {
  const { flag, code, settleSeconds = 5, database, newDatabase } = plan;
  return (
    <Panel title={t`What it works on`}>
      <dl className="grid grid-cols-[minmax(7rem,auto)_1fr] gap-x-6 gap-y-1.5 px-4 py-3 text-xs [&>dt]:text-ink-3 [&>dd]:min-w-0 [&>dd]:break-words">
        <dt>
          <Trans>Flag</Trans>
        </dt>
        <dd>
          {flag === undefined ? (
            <span className="text-ink-3">
              <Trans>none: the application is not told</Trans>
            </span>
          ) : (
            <Link
              {...targetingPath(project, flag, environment)}
              className="rounded-xs font-mono text-link hover:underline"
            >
              {flag}
            </Link>
          )}
        </dd>
        <dt>
          <Trans>Database</Trans>
        </dt>
        <dd>
          {database === null ? (
            <span className="text-ink-3">
              <Trans>none: it runs no SQL</Trans>
            </span>
          ) : (
            <Shown at={database} />
          )}
        </dd>
        {newDatabase !== null && (
          <>
            <dt>
              <Trans>New database</Trans>
            </dt>
            <dd>
              <Shown at={newDatabase} />
            </dd>
          </>
        )}
        <dt>
          <Trans>Code</Trans>
        </dt>
        <dd>
          {code === undefined
            ? t`any version`
            : t`${code.app ?? t`every instance`} ${code.version} or later, before rows are copied`}
        </dd>
        <dt>
          <Trans>Settles for</Trans>
        </dt>
        <dd>
          <Trans>{formatSeconds(settleSeconds)} after each stage of the flag</Trans>
        </dd>
      </dl>
    </Panel>
  );
}

function Shown({ at: { host, database, role } }: { at: NonNullable<MigrationPlan['database']> }) {
  return (
    <>
      <span className="font-mono">
        <Trans>
          {database} at {host}
        </Trans>
      </span>
      <span className="text-ink-3">
        <Trans> as {role}; the password is sealed</Trans>
      </span>
    </>
  );
}
