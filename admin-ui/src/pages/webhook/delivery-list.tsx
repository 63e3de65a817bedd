import { msg, plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { WebhookDelivery } from '../../api/types.ts';
import { deliveriesQuery, redeliver, redeliverFailed } from '../../api/webhooks.ts';
import { auditEventPath } from '../../paths.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { wordOf } from '../../ui/code-words.ts';
import { formatDuration } from '../../ui/format.ts';
import { Loaded, More } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { toastDone, toastFailed } from '../../ui/toast.tsx';

const refreshMs = 5_000;
const states = [
  { value: 'all', label: msg`All` },
  { value: 'pending', label: msg`Pending` },
  { value: 'failed', label: msg`Failed` },
] as const;
const looks = { pending: 'plain', delivered: 'muted', failed: 'danger' } as const;

/** What was and is to be delivered; what failed can be delivered once more. */
export function DeliveryList({ project, webhook }: { project: string; webhook: string }) {
  const client = useQueryClient();
  const [state, setState] = useState<(typeof states)[number]['value']>('all');
  const deliveries = useInfiniteQuery({
    ...deliveriesQuery(project, webhook, state === 'all' ? undefined : state),
    refetchInterval: refreshMs,
    select: ({ pages }) => pages.flatMap((page) => page.items),
  });
  const again = useMutation({
    mutationFn: async (delivery: string | undefined) => {
      if (delivery === undefined) return redeliverFailed(project, webhook);
      await redeliver(project, webhook, delivery);
      return 1;
    },
    onSuccess: (count) =>
      toastDone({ title: t`${plural(count, { one: '# message', other: '# messages' })} will be delivered once more` }),
    onError: (error) => toastFailed({ title: t`Nothing is delivered once more`, error }),
    onSettled: () => client.invalidateQueries({ queryKey: ['webhooks', project] }),
  });
  return (
    <Panel
      title={t`Deliveries`}
      note={t`Newest first.`}
      actions={
        <>
          <Segmented label={t`Which deliveries`} value={state} options={states} onChange={setState} />
          <Button busy={again.isPending} onClick={() => again.mutate(undefined)}>
            <Trans>Redeliver what failed</Trans>
          </Button>
        </>
      }
    >
      <Loaded from={deliveries} what={t`the deliveries`}>
        {(items) =>
          items.length === 0 ? (
            <p className="px-4 py-3 text-ink-3 text-xs">
              {state === 'all'
                ? t`Nothing that it hears of happened since it was made.`
                : t`Nothing is ${wordOf(state)}.`}
            </p>
          ) : (
            <ul aria-label={t`Deliveries`}>
              {items.map((delivery) => (
                <DeliveryRow
                  key={delivery.id}
                  project={project}
                  delivery={delivery}
                  onAgain={() => again.mutate(delivery.id)}
                  isBusy={again.isPending}
                />
              ))}
            </ul>
          )
        }
      </Loaded>
      <More from={deliveries} label={t`Show older deliveries`} />
    </Panel>
  );
}

interface DeliveryRowProps {
  project: string;
  delivery: WebhookDelivery;
  onAgain: () => void;
  isBusy: boolean;
}

function DeliveryRow({ project, delivery, onAgain, isBusy }: DeliveryRowProps) {
  const { event, action, state, attempts, nextAt, lastStatus, lastError, lastAnswer, lastMs, createdAt } = delivery;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 border-line border-b px-4 py-2 text-xs last:border-b-0">
      <Badge look={looks[state]}>{wordOf(state)}</Badge>
      <Link {...auditEventPath(project, event)} className="rounded-xs font-mono text-link leading-6 hover:underline">
        {action ?? t`the event`}
      </Link>
      <span className="min-w-0 flex-1 basis-48 break-words text-ink-2">
        {[
          attempts > 0 && plural(attempts, { one: '# attempt', other: '# attempts' }),
          lastStatus !== null && t`status ${lastStatus}`,
          lastMs !== null && formatDuration(lastMs),
          lastError,
          nextAt !== null && state === 'pending' && attempts > 0 && t`again at ${nextAt.slice(11, 19)} UTC`,
        ]
          .filter(Boolean)
          .join(' · ')}
      </span>
      <span className="text-ink-3">
        <RelativeTime at={createdAt} />
      </span>
      {state !== 'pending' && (
        <Button look="quiet" busy={isBusy} onClick={onAgain}>
          <Trans>Redeliver</Trans>
        </Button>
      )}
      {lastAnswer !== null && lastAnswer !== '' && (
        <details className="w-full">
          <summary className="w-fit cursor-pointer rounded-xs text-ink-3 leading-6 hover:text-ink">
            <Trans>Its answer</Trans>
          </summary>
          <CodeBlock title={t`Answer`} code={lastAnswer} />
        </details>
      )}
    </li>
  );
}
