import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useMutation, useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '../../api/permissions.ts';
import { projectQuery } from '../../api/projects.ts';
import { deleteSegment, segmentQuery, segmentUsesQuery } from '../../api/segments.ts';
import { describeCondition } from '../../flags/describe-condition.ts';
import { patterns, segmentsPath } from '../../paths.ts';
import { Breadcrumb } from '../../ui/breadcrumb.tsx';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Panel } from '../../ui/panel.tsx';
import { toastDone, toastFailed } from '../../ui/toast.tsx';
import { Page, PageHeader } from '../layout/page-header.tsx';
import { ThingLine } from '../layout/thing-line.tsx';
import { SegmentDialog } from '../segments/segment-dialog.tsx';
import { KeysPanel } from './keys-panel.tsx';
import { UsesPanel } from './uses-panel.tsx';

/** One segment: who is in, by which keys, and what depends on it. */
export function SegmentPage() {
  const place = getRouteApi(patterns.segment).useParams();
  const { data: project } = useSuspenseQuery(projectQuery(place.project));
  const { data: segment } = useSuspenseQuery(segmentQuery(place));
  const uses = useQuery(segmentUsesQuery(place));
  const may = useMay(place.project, place.environment);
  const navigate = useNavigate();
  const client = useQueryClient();
  const [open, setOpen] = useState<'edit' | 'delete'>();
  const environment = project.environments.find(({ key }) => key === place.environment);
  const remove = useMutation({
    mutationFn: () => deleteSegment(place, segment.version),
    onSuccess: async () => {
      toastDone({ title: t`The segment ${segment.key} is deleted` });
      await navigate({ ...segmentsPath(place.project, { environment: place.environment }), replace: true });
      void client.invalidateQueries({ queryKey: ['segments', place.project] });
    },
    onError: (error) => toastFailed({ title: t`${segment.key} is still there`, error }),
  });
  if (!environment) return null;
  const isUsed = (uses.data?.total ?? 0) > 0;
  return (
    <Page title={t`Segment ${segment.key}`}>
      <Breadcrumb here={segment.key}>
        <Link {...segmentsPath(place.project, { environment: place.environment })}>
          <Trans>Segments</Trans>
        </Link>
      </Breadcrumb>
      <PageHeader
        title={<span className="break-all font-mono">{segment.key}</span>}
        actions={
          may('segment:write') && (
            <>
              <Button onClick={() => setOpen('edit')}>
                <Trans>
                  <Pencil aria-hidden />
                  Edit
                </Trans>
              </Button>
              <Button onClick={() => setOpen('delete')} disabled={isUsed} title={isUsed ? t`It is in use` : undefined}>
                <Trans>
                  <Trash2 aria-hidden />
                  Delete
                </Trans>
              </Button>
            </>
          )
        }
      >
        <ThingLine project={place.project} environment={environment} kind="segment" thing={segment} />
      </PageHeader>
      <Panel title={t`Condition`} note={t`Who is in, of those whom the keys leave open.`}>
        <p className="break-words px-4 py-3">
          {segment.when === undefined ? (
            <span className="text-ink-3">
              <Trans>None: only the keys decide.</Trans>
            </span>
          ) : (
            describeCondition(segment.when)
          )}
        </p>
      </Panel>
      <KeysPanel place={place} segment={segment} environment={environment} mayWrite={may('segment:write')} />
      <UsesPanel place={place} uses={uses} />
      {open === 'edit' && (
        <SegmentDialog
          project={place.project}
          environment={environment}
          segment={segment}
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
        title={t`Delete ${segment.key} in ${environment.name}?`}
        confirmLabel={t`Delete segment`}
      >
        <p>
          <Trans>Its condition and its keys go with it. Nothing names it now. The audit log can bring it back.</Trans>
        </p>
      </ConfirmDialog>
    </Page>
  );
}
