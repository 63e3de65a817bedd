import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { projectQuery } from '../../api/projects.ts';
import { webhooksQuery } from '../../api/webhooks.ts';
import { patterns, webhookPath } from '../../paths.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Page, PageHeader } from '../layout/page-header.tsx';
import { WebhookDialog } from './webhook-dialog.tsx';
import { hearsWords } from './webhook-draft.ts';
import { WebhookState } from './webhook-state.tsx';

/** Who else hears of what happens in a project. */
export function WebhooksPage() {
  const { project: key } = getRouteApi(patterns.webhooks).useParams();
  const { data: project } = useSuspenseQuery(projectQuery(key));
  const webhooks = useQuery(webhooksQuery(key));
  const [isCreating, setCreating] = useState(false);
  return (
    <Page title={t`Webhooks of ${project.name}`}>
      <PageHeader
        title={t`Webhooks`}
        actions={
          <Button look="primary" onClick={() => setCreating(true)}>
            <Trans>
              <Plus aria-hidden />
              New webhook
            </Trans>
          </Button>
        }
      />
      <div className="rounded-md border border-line bg-surface">
        <Loaded from={webhooks} what={t`the webhooks`}>
          {(items) =>
            items.length === 0 ? (
              <EmptyState
                title={t`Nobody else hears of anything`}
                text={t`A webhook sends what happens here to a program of yours, signed, or to Slack, Teams or people's mail: every change, or only what is urgent. What cannot be delivered is tried again, and kept.`}
              />
            ) : (
              <ul aria-label={t`Webhooks`}>
                {items.map((webhook) => (
                  <li key={webhook.id} className="border-line border-b last:border-b-0">
                    <Link
                      {...webhookPath(key, webhook.id)}
                      className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5 -outline-offset-2 hover:bg-hover"
                    >
                      <span className="flex min-w-0 flex-1 basis-64 flex-col">
                        <span className="truncate font-medium">{webhook.name}</span>
                        <span className="truncate font-mono text-2xs text-ink-3">{webhook.url}</span>
                      </span>
                      <span className="text-ink-2 text-xs">{hearsWords(webhook.filter)}</span>
                      <WebhookState webhook={webhook} />
                    </Link>
                  </li>
                ))}
              </ul>
            )
          }
        </Loaded>
      </div>
      {isCreating && <WebhookDialog project={project} onClose={() => setCreating(false)} />}
    </Page>
  );
}
