import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useMutation, useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { FlaskConical, Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '../../api/permissions.ts';
import { projectQuery } from '../../api/projects.ts';
import { trafficStateQuery } from '../../api/releases.ts';
import { deleteTrafficTarget, testTrafficTarget, trafficTargetQuery } from '../../api/traffic.ts';
import { patterns, trafficTargetsPath } from '../../paths.ts';
import { Breadcrumb } from '../../ui/breadcrumb.tsx';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { toastDone, toastFailed } from '../../ui/toast.tsx';
import { Page, PageHeader } from '../layout/page-header.tsx';
import { ThingLine } from '../layout/thing-line.tsx';
import { TargetDialog } from '../traffic-targets/target-dialog.tsx';
import { ResetTarget } from './reset-target.tsx';
import { CapabilitiesPanel, SettingsPanel } from './target-facts.tsx';
import { TargetNow } from './target-now.tsx';
import { TargetReleases } from './target-releases.tsx';
import { TestResult } from './test-result.tsx';

const refreshMs = 5_000;

/** One traffic target: how it divides requests now, what it can do, and who steered it. */
export function TrafficTargetPage() {
  const place = getRouteApi(patterns.trafficTarget).useParams();
  const { data: project } = useSuspenseQuery(projectQuery(place.project));
  const { data: target } = useSuspenseQuery(trafficTargetQuery(place));
  const state = useQuery({
    ...trafficStateQuery(place.project, place.environment, place.target),
    refetchInterval: refreshMs,
  });
  const may = useMay(place.project, place.environment);
  const navigate = useNavigate();
  const client = useQueryClient();
  const [open, setOpen] = useState<'edit' | 'delete'>();
  const environment = project.environments.find(({ key }) => key === place.environment);
  const test = useMutation({ mutationFn: () => testTrafficTarget(place), onSettled: () => state.refetch() });
  const remove = useMutation({
    mutationFn: () => deleteTrafficTarget(place),
    onSuccess: async () => {
      toastDone({ title: t`The traffic target ${target.key} is deleted` });
      await navigate({ ...trafficTargetsPath(place.project, { environment: place.environment }), replace: true });
      void client.invalidateQueries({ queryKey: ['traffic', place.project] });
    },
    onError: (error) => toastFailed({ title: t`${target.key} is still there`, error }),
  });
  if (!environment) return null;
  const holder = state.data?.release ?? undefined;
  const why = holder && t`${holder.title} steers it`;
  return (
    <Page title={t`Traffic target ${target.key}`}>
      <Breadcrumb here={target.key}>
        <Link {...trafficTargetsPath(place.project, { environment: place.environment })}>
          <Trans>Traffic targets</Trans>
        </Link>
      </Breadcrumb>
      <PageHeader
        title={<span className="break-all font-mono">{target.key}</span>}
        actions={
          may('release:write') && (
            <span className="flex flex-wrap gap-2">
              <Button
                look="primary"
                busy={test.isPending}
                disabled={holder !== undefined}
                title={why}
                onClick={() => test.mutate()}
              >
                <Trans>
                  <FlaskConical aria-hidden />
                  Test
                </Trans>
              </Button>
              <Button onClick={() => setOpen('edit')}>
                <Trans>
                  <Pencil aria-hidden />
                  Edit
                </Trans>
              </Button>
              <ResetTarget place={place} environment={environment} state={state.data} />
              <Button onClick={() => setOpen('delete')} disabled={holder !== undefined} title={why}>
                <Trans>
                  <Trash2 aria-hidden />
                  Delete
                </Trans>
              </Button>
            </span>
          )
        }
      >
        <ThingLine project={place.project} environment={environment} kind="traffic-target" thing={target} />
      </PageHeader>
      <TestResult test={test} />
      <TargetNow project={place.project} state={state} />
      {state.data?.capabilities && <CapabilitiesPanel capabilities={state.data.capabilities} />}
      <SettingsPanel target={target} />
      <TargetReleases place={place} />
      {open === 'edit' && (
        <TargetDialog
          project={place.project}
          environment={environment}
          target={target}
          onClose={() => setOpen(undefined)}
          onSaved={() => setOpen(undefined)}
        />
      )}
      <ConfirmDialog
        open={open === 'delete'}
        onClose={() => setOpen(undefined)}
        onConfirm={() => {
          setOpen(undefined);
          remove.mutate();
        }}
        look={environment.production ? 'production' : 'danger'}
        title={t`Delete ${target.key} in ${environment.name}?`}
        confirmLabel={t`Delete target`}
      >
        <p>
          <Trans>
            Requests stay divided as they are now; releases can no longer move them here. Its sealed secrets go with it.
          </Trans>
        </p>
      </ConfirmDialog>
    </Page>
  );
}
