import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { FlameKindling } from 'lucide-react';
import { useMay } from '../../api/permissions.ts';
import { projectQuery } from '../../api/projects.ts';
import { namedOrProduction } from '../../environments/choose-environment.ts';
import { fireDrillsPath, onCallPath, patterns } from '../../paths.ts';
import { buttonShape } from '../../ui/button.tsx';
import { Page, PageHeader } from '../layout/page-header.tsx';
import { InterventionsPanel } from './interventions-panel.tsx';
import { KilledFlags } from './killed-flags.tsx';
import { LinePanel } from './line-panel.tsx';
import { PastKills } from './past-kills.tsx';

/** For people on call: whether anything may grow by itself, what is killed, and how fast past kills were. */
export function OnCallPage() {
  const route = getRouteApi(patterns.onCall);
  const { project: key } = route.useParams();
  const { environment } = route.useSearch();
  const navigate = useNavigate();
  const { data: project } = useSuspenseQuery({ ...projectQuery(key), refetchInterval: 10_000 });
  const may = useMay(key);
  const shown = namedOrProduction(project.environments, environment);
  return (
    <Page title={t`On call for ${project.name}`}>
      <PageHeader
        title={t`On call`}
        actions={
          may('signal:read') && (
            <Link {...fireDrillsPath(key, { environment: shown?.key })} className={`${buttonShape} hover:bg-hover`}>
              <Trans>
                <FlameKindling aria-hidden />
                Fire drills
              </Trans>
            </Link>
          )
        }
      />
      <KilledFlags project={project} />
      <LinePanel project={project} />
      {may('signal:read') && <InterventionsPanel project={project} />}
      {shown && (
        <PastKills
          project={project}
          environment={shown}
          onEnvironment={(next) => void navigate({ ...onCallPath(key, { environment: next }), replace: true })}
        />
      )}
    </Page>
  );
}
