import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { ShieldCheck, Signature } from 'lucide-react';
import { useState } from 'react';
import { checkpointsQuery, makeCheckpoint } from '../../api/audit.ts';
import { useMayEverywhere, useMayForCertain } from '../../api/permissions.ts';
import { auditPath, patterns } from '../../paths.ts';
import { Breadcrumb } from '../../ui/breadcrumb.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Loaded, More } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { toastDone, toastFailed } from '../../ui/toast.tsx';
import { Page, PageHeader } from '../layout/page-header.tsx';
import { CheckElsewhere } from './check-elsewhere.tsx';
import { CheckpointRow } from './checkpoint-row.tsx';
import { VerifyDialog } from './verify-dialog.tsx';

/** Where the chains of audit events ended at times, signed: what the log is measured by, here and elsewhere. */
export function CheckpointsPage() {
  const { project } = getRouteApi(patterns.auditCheckpoints).useParams();
  const client = useQueryClient();
  const mayRead = useMayForCertain()('audit:read');
  const mayEverywhere = useMayEverywhere();
  const [isVerifying, setVerifying] = useState(false);
  const checkpoints = useInfiniteQuery({
    ...checkpointsQuery,
    enabled: mayRead,
    select: ({ pages }) => pages.flatMap((page) => page.items),
  });
  const newest = checkpoints.data?.[0]?.number;
  const sign = useMutation({
    mutationFn: makeCheckpoint,
    onSuccess: ({ number }) =>
      toastDone({
        title: number === newest ? t`Nothing was added since checkpoint ${number}` : t`Checkpoint ${number} is signed`,
      }),
    onError: (error) => toastFailed({ title: t`No checkpoint was signed`, error }),
    onSettled: () => client.invalidateQueries({ queryKey: checkpointsQuery.queryKey }),
  });
  return (
    <Page title={t`Checkpoints of the audit log`}>
      <Breadcrumb here={t`Checkpoints`}>
        <Link {...auditPath(project)}>
          <Trans>Audit log</Trans>
        </Link>
      </Breadcrumb>
      <PageHeader
        title={t`Checkpoints`}
        actions={
          <>
            <Button onClick={() => setVerifying(true)}>
              <ShieldCheck aria-hidden />
              <Trans>Verify</Trans>
            </Button>
            {mayEverywhere('installation:write') && (
              <Button look="primary" busy={sign.isPending} onClick={() => sign.mutate()}>
                <Signature aria-hidden />
                <Trans>Sign now</Trans>
              </Button>
            )}
          </>
        }
      >
        <p className="max-w-200 text-ink-2">
          <Trans>
            A checkpoint says where each chain of events ended, and is signed. What stood before it cannot be written
            anew without being seen, wherever a copy of the checkpoint is kept.
          </Trans>
        </p>
      </PageHeader>
      <Panel title={t`Signed so far`} note={t`Of the whole installation, newest first.`}>
        {mayRead || mayEverywhere('audit:read') ? (
          <Loaded from={checkpoints} what={t`the checkpoints`}>
            {(items) =>
              items.length === 0 ? (
                <EmptyState
                  title={t`Nothing is signed yet`}
                  text={t`Every few minutes in which something was added, the server signs where all chains end. For that it needs a master key (BUNTING_MASTER_KEY), which one on SQLite makes for itself.`}
                />
              ) : (
                <ol aria-label={t`Checkpoints`}>
                  {items.map((checkpoint) => (
                    <CheckpointRow key={checkpoint.number} checkpoint={checkpoint} />
                  ))}
                </ol>
              )
            }
          </Loaded>
        ) : (
          <p className="px-4 py-3.5 text-ink-2">
            <Trans>
              Checkpoints name all projects: who may read the audit log of the whole installation sees them. Whether the
              chain of this project is as it was signed, Verify tells you.
            </Trans>
          </p>
        )}
        <More from={checkpoints} label={t`Show older checkpoints`} />
      </Panel>
      <CheckElsewhere />
      {isVerifying && <VerifyDialog onClose={() => setVerifying(false)} />}
    </Page>
  );
}
