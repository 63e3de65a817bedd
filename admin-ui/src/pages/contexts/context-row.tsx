import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { eraseContext } from '../../api/contexts.ts';
import { useMay } from '../../api/permissions.ts';
import type { Environment, SampledContext } from '../../api/types.ts';
import { playgroundPath } from '../../paths.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button, buttonShape } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { toastDone, toastFailed } from '../../ui/toast.tsx';

interface ContextRowProps {
  project: string;
  environment: Environment;
  sampled: SampledContext;
}

/** One context as it was kept, with ways to ask what flags answer it and to remove it. */
export function ContextRow({ project, environment, sampled }: ContextRowProps) {
  const { subject, source, context, cut, lastSeenAt } = sampled;
  const client = useQueryClient();
  const may = useMay(project, environment.key);
  const [isAsking, setAsking] = useState(false);
  const erase = useMutation({
    mutationFn: () => eraseContext(project, environment.key, subject),
    onSuccess: () => toastDone({ title: t`What was sampled of them is removed` }),
    onError: (error) => toastFailed({ title: t`The context is still there`, error }),
    onSettled: () => client.invalidateQueries({ queryKey: ['contexts', project] }),
  });
  const name = typeof context.targetingKey === 'string' ? context.targetingKey : t`without a targeting key`;
  const { targetingKey: _, ...attributes } = context;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 border-line border-b px-4 py-2 last:border-b-0">
      <div className="min-w-0 flex-1 basis-80">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="min-w-0 break-all font-medium font-mono text-xs">{name}</span>
          {source === 'page' && (
            <span title={t`A page told of it: pages can make up any context.`} className="inline-flex">
              <Badge look="muted">
                <Trans>by a page</Trans>
              </Badge>
            </span>
          )}
          {cut && (
            <span title={t`It was larger: some of it was left out.`} className="inline-flex">
              <Badge look="muted">
                <Trans>cut</Trans>
              </Badge>
            </span>
          )}
          <span className="text-ink-3 text-xs">
            <RelativeTime at={lastSeenAt} />
          </span>
        </p>
        <code className="line-clamp-3 break-all text-2xs text-ink-2">{JSON.stringify(attributes)}</code>
      </div>
      <div className="flex max-sm:-ms-3 max-sm:w-full">
        <Link
          {...playgroundPath(project, { environment: environment.key, context: JSON.stringify(context, null, 2) })}
          aria-label={t`Ask flags for ${name}`}
          className={`${buttonShape} text-ink-2 hover:bg-hover hover:text-ink`}
        >
          <Trans>Ask flags</Trans>
        </Link>
        {may('contexts:write') && (
          <Button look="quiet" aria-label={t`Erase ${name}`} busy={erase.isPending} onClick={() => setAsking(true)}>
            <Trans>Erase</Trans>
          </Button>
        )}
      </div>
      <ConfirmDialog
        open={isAsking}
        onClose={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false);
          erase.mutate();
        }}
        look="danger"
        title={t`Erase ${name} in ${environment.name}?`}
        confirmLabel={t`Erase`}
      >
        <p>
          <Trans>
            What was sampled of them is removed for good. They are sampled again when flags are evaluated for them
            again.
          </Trans>
        </p>
      </ConfirmDialog>
    </li>
  );
}
