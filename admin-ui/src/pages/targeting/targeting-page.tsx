import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { flagQuery } from '../../api/flags.ts';
import { useMay } from '../../api/permissions.ts';
import { projectQuery } from '../../api/projects.ts';
import { sessionQuery } from '../../api/session.ts';
import { EnvironmentName } from '../../environments/environment-name.tsx';
import { TargetingWords } from '../../flags/targeting-words.tsx';
import { flagPath, flagsPath, patterns } from '../../paths.ts';
import { PresenceNote } from '../../presence/presence-note.tsx';
import { EffectPanel } from '../../receipts/effect-panel.tsx';
import { Breadcrumb } from '../../ui/breadcrumb.tsx';
import { Panel } from '../../ui/panel.tsx';
import { CardMarks } from '../flag/card-marks.tsx';
import { GrowingRamps } from '../flag/growing-ramps.tsx';
import { HeldRamps } from '../flag/held-ramps.tsx';
import { KillSwitch } from '../flag/kill-switch.tsx';
import { Page, PageHeader } from '../layout/page-header.tsx';
import { TargetingEditor } from './targeting-editor.tsx';

/** How one environment serves one flag: to be edited, or to be read by who may not. */
export function TargetingPage() {
  const params = getRouteApi(patterns.targeting).useParams();
  const { data: project } = useSuspenseQuery(projectQuery(params.project));
  const { data: flag } = useSuspenseQuery(flagQuery(params.project, params.flag));
  const { data: user } = useSuspenseQuery(sessionQuery);
  const may = useMay(project.key, params.environment);
  const environment = project.environments.find(({ key }) => key === params.environment);
  const state = flag.environments[params.environment];
  if (!environment || !state) return null;
  const mayEdit = flag.archivedAt === null && may('targeting:write');
  return (
    <Page title={t`${flag.key} in ${environment.name}`}>
      <div className="flex flex-col gap-1">
        <Breadcrumb here={environment.name}>
          <Link {...flagsPath(project.key)}>
            <Trans>Flags</Trans>
          </Link>
          <Link {...flagPath(project.key, flag.key)}>{flag.key}</Link>
        </Breadcrumb>
        <PageHeader
          title={
            <span className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
              <span className="break-all font-mono">{flag.key}</span>
              <EnvironmentName environment={environment} />
            </span>
          }
        >
          <CardMarks project={project.key} flag={flag} environment={environment} />
        </PageHeader>
      </div>
      <div className="overflow-hidden rounded-md border border-line empty:hidden">
        {state.killed && <KillSwitch project={project.key} flag={flag} environment={environment} />}
        <HeldRamps project={project.key} flag={flag} environment={environment} />
        <GrowingRamps project={project.key} flag={flag} environment={environment} />
      </div>
      {mayEdit ? (
        <TargetingEditor
          key={`${user?.id} ${flag.key} ${environment.key}`}
          user={user?.id ?? ''}
          project={project.key}
          flag={flag}
          environment={environment}
          state={state}
        />
      ) : (
        <>
          <PresenceNote
            project={project.key}
            at={{ kind: 'flag', key: flag.key, environment: environment.key }}
            editing={false}
          />
          <Panel
            title={t`Targeting`}
            note={flag.archivedAt === null ? t`You may read it, not change it.` : t`The flag is archived.`}
          >
            <div className="flex flex-col gap-4 px-4 py-3.5">
              <TargetingWords flag={flag} state={state} />
            </div>
          </Panel>
        </>
      )}
      <EffectPanel project={project.key} environment={environment} />
    </Page>
  );
}
