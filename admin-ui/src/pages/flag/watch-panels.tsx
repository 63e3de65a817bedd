import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMayForCertain } from '../../api/permissions.ts';
import type { Flag, Project } from '../../api/types.ts';
import { namedOrProduction } from '../../environments/choose-environment.ts';
import { EnvironmentSelect } from '../../environments/environment-select.tsx';
import { flagPath, patterns } from '../../paths.ts';
import { ExposurePanel } from './exposure-panel.tsx';
import { PathPanel } from './path-panel.tsx';
import { SafeguardPanel } from './safeguard-panel.tsx';
import { SampleRatio } from './sample-ratio.tsx';

/** What happens to a flag in one environment: whom it serves what, and what watches over that. */
export function WatchPanels({ project, flag }: { project: Project; flag: Flag }) {
  const { environment, guard } = getRouteApi(patterns.flag).useSearch();
  const navigate = useNavigate();
  const shown = namedOrProduction(project.environments, environment);
  const mayRead = useMayForCertain(project.key, shown?.key)('signal:read');
  if (!shown) return null;
  const go = (next: { environment: string; guard?: true | undefined }) =>
    void navigate({ ...flagPath(project.key, flag.key, next), replace: true, resetScroll: false });
  return (
    <>
      {project.environments.length > 1 && (
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
          <span aria-hidden className="font-medium text-xs">
            <Trans>What happens to it in</Trans>
          </span>
          <EnvironmentSelect
            label={t`What happens to it in`}
            environments={project.environments}
            value={shown.key}
            onChange={(next) => go({ environment: next })}
          />
        </div>
      )}
      <ExposurePanel key={`${shown.key} exposures`} {...{ project: project.key, flag, environment: shown }}>
        {mayRead && <SampleRatio {...{ project: project.key, flag, environment: shown }} />}
      </ExposurePanel>
      <PathPanel key={`${shown.key} paths`} {...{ project: project.key, flag, environment: shown }} />
      {mayRead && (
        <SafeguardPanel
          key={`${shown.key} safeguards`}
          {...{ project: project.key, flag, environment: shown }}
          isCreating={guard === true}
          onCreate={(isCreating) => go({ environment: shown.key, guard: isCreating || undefined })}
        />
      )}
    </>
  );
}
