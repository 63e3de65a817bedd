import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Pencil, Send } from 'lucide-react';
import { useState } from 'react';
import { projectQuery } from '../../api/projects.ts';
import { deleteWebhook, patchWebhook, rotateSecret, testWebhook, webhookQuery } from '../../api/webhooks.ts';
import { patterns, webhooksPath } from '../../paths.ts';
import { Breadcrumb } from '../../ui/breadcrumb.tsx';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { formatDuration } from '../../ui/format.ts';
import { Notice } from '../../ui/notice.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { SecretDialog } from '../../ui/secret-dialog.tsx';
import { toastDone, toastFailed } from '../../ui/toast.tsx';
import { Page, PageHeader } from '../layout/page-header.tsx';
import { WebhookDialog } from '../webhooks/webhook-dialog.tsx';
import { hearsWords } from '../webhooks/webhook-draft.ts';
import { WebhookState } from '../webhooks/webhook-state.tsx';
import { DeliveryList } from './delivery-list.tsx';

const refreshMs = 5_000;

/** One webhook: whether it works, what was delivered, and a message to try it by. */
export function WebhookPage() {
  const { project, webhook: id } = getRouteApi(patterns.webhook).useParams();
  const { data: whole } = useSuspenseQuery(projectQuery(project));
  const { data: webhook } = useSuspenseQuery({ ...webhookQuery(project, id), refetchInterval: refreshMs });
  const client = useQueryClient();
  const navigate = useNavigate();
  const [asking, setAsking] = useState<'delete' | 'rotate'>();
  const [isEditing, setEditing] = useState(false);
  const [secret, setSecret] = useState<string>();
  const run = useMutation({
    mutationFn: (act: () => Promise<void>) => act(),
    onError: (error) => toastFailed({ title: t`Nothing was changed`, error }),
    onSettled: () => client.invalidateQueries({ queryKey: ['webhooks', project] }),
  });
  const toggle = async () => {
    await patchWebhook(project, id, webhook.version, { enabled: !webhook.enabled });
    toastDone({ title: webhook.enabled ? t`${webhook.name} is off` : t`${webhook.name} is on` });
  };
  const send = async () => {
    const { delivered, status, error, ms } = await testWebhook(project, id);
    const answer = error ?? (status === null ? t`delivered` : t`status ${status}`);
    const said = {
      title: delivered ? t`The message arrived` : t`The message did not arrive`,
      text: `${answer}, ${formatDuration(ms)}`,
    };
    if (delivered) toastDone(said);
    else toastFailed(said);
  };
  const remove = async () => {
    await deleteWebhook(project, id);
    toastDone({ title: t`${webhook.name} is deleted` });
    await navigate({ ...webhooksPath(project), replace: true });
  };
  const rotate = async () => setSecret((await rotateSecret(project, id)).secret);
  return (
    <Page title={webhook.name}>
      <Breadcrumb here={webhook.name}>
        <Link {...webhooksPath(project)}>
          <Trans>Webhooks</Trans>
        </Link>
      </Breadcrumb>
      <PageHeader
        title={webhook.name}
        actions={
          <span className="flex flex-wrap gap-2">
            <Button look="primary" busy={run.isPending} onClick={() => run.mutate(send)}>
              <Trans>
                <Send aria-hidden />
                Send a test
              </Trans>
            </Button>
            <Button busy={run.isPending} onClick={() => run.mutate(toggle)}>
              {webhook.enabled ? t`Turn off` : t`Turn on`}
            </Button>
            <Button onClick={() => setEditing(true)}>
              <Trans>
                <Pencil aria-hidden />
                Edit
              </Trans>
            </Button>
            {webhook.format === 'standard' && (
              <Button onClick={() => setAsking('rotate')}>
                <Trans>New secret</Trans>
              </Button>
            )}
            <Button onClick={() => setAsking('delete')}>
              <Trans>Delete</Trans>
            </Button>
          </span>
        }
      >
        <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1 text-ink-2">
          <WebhookState webhook={webhook} />
          <code className="min-w-0 break-all text-xs">{webhook.url}</code>
          <span className="text-xs">
            <Trans>hears of {hearsWords(webhook.filter)}</Trans>
          </span>
        </p>
      </PageHeader>
      {webhook.disabledReason !== null && (
        <Notice title={t`It was turned off by itself`}>{webhook.disabledReason}</Notice>
      )}
      {webhook.enabled && webhook.failingSince !== null && (
        <Notice title={t`Nothing is delivered`}>
          <Trans>
            Since <RelativeTime at={webhook.failingSince} />. What failed is kept, and tried again.
          </Trans>
        </Notice>
      )}
      <DeliveryList project={project} webhook={id} />
      <ConfirmDialog
        open={asking !== undefined}
        onClose={() => setAsking(undefined)}
        onConfirm={() => {
          setAsking(undefined);
          run.mutate(asking === 'delete' ? remove : rotate);
        }}
        look={asking === 'delete' ? 'danger' : 'primary'}
        title={asking === 'delete' ? t`Delete ${webhook.name}?` : t`A new secret for ${webhook.name}?`}
        confirmLabel={asking === 'delete' ? t`Delete webhook` : t`Make a new secret`}
      >
        <p>
          {asking === 'delete'
            ? t`Nothing is sent to it any more, and what is known of its deliveries goes with it.`
            : t`Messages are signed by both for a day: give the new one to the receiver meanwhile.`}
        </p>
      </ConfirmDialog>
      {isEditing && <WebhookDialog project={whole} webhook={webhook} onClose={() => setEditing(false)} />}
      <SecretDialog title={t`The new secret`} secret={secret} onClose={() => setSecret(undefined)} />
    </Page>
  );
}
