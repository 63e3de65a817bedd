import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import type { MigrationPlan } from '../../api/types.ts';
import { targetingPath } from '../../paths.ts';
import { formatSeconds } from '../../releases/stage-duration.ts';
import { Fact, FactList } from '../../ui/fact-list.tsx';
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
      <FactList className="px-4 py-3">
        <Fact name={t`Flag`}>
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
        </Fact>
        <Fact name={t`Database`}>
          {database === null ? (
            <span className="text-ink-3">
              <Trans>none: it runs no SQL</Trans>
            </span>
          ) : (
            <Shown at={database} />
          )}
        </Fact>
        {newDatabase !== null && (
          <Fact name={t`New database`}>
            <Shown at={newDatabase} />
          </Fact>
        )}
        <Fact name={t`Code`}>{codeWords(code)}</Fact>
        <Fact name={t`Settles for`}>
          <Trans>{formatSeconds(settleSeconds)} after each stage of the flag</Trans>
        </Fact>
      </FactList>
    </Panel>
  );
}

function codeWords(code: MigrationPlan['code']): string {
  if (code === undefined) return t`any version`;
  const { app, version } = code;
  return app === undefined
    ? t`every instance ${version} or later, before rows are copied`
    : t`${app} ${version} or later, before rows are copied`;
}

function Shown({ at: { host, database, role } }: { at: NonNullable<MigrationPlan['database']> }) {
  return (
    <Trans>
      <span className="font-mono">
        {database} at {host}
      </span>{' '}
      <span className="text-ink-3">as {role}; the password is sealed</span>
    </Trans>
  );
}
