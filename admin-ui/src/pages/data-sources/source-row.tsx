import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { dataSourcesQuery, deleteDataSource } from '../../api/data-sources.ts';
import type { DataSource } from '../../api/types.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { toastDone, toastFailed } from '../../ui/toast.tsx';
import { AskSource } from './ask-source.tsx';
import { SourceReaders } from './source-readers.tsx';

const authWords = { none: msg`open`, bearer: msg`by token`, basic: msg`by password` } as const;

interface SourceRowProps {
  project: string;
  source: DataSource;
  mayWrite: boolean;
  onEdit: () => void;
}

/** A data source: where it is, who reads it, and what it says when it is asked. */
export function SourceRow({ project, source, mayWrite, onEdit }: SourceRowProps) {
  const { key, name, url, auth } = source;
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const remove = useMutation({
    mutationFn: () => deleteDataSource(project, key),
    onSuccess: () => toastDone({ title: t`${name} is deleted` }),
    onError: (error) => toastFailed({ title: t`${name} is not deleted`, error }),
    onSettled: () => client.invalidateQueries({ queryKey: dataSourcesQuery(project).queryKey }),
  });
  return (
    <li className="flex flex-col gap-1 border-line border-b px-4 py-2.5 last:border-b-0">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
        <div className="min-w-0 flex-1 basis-64">
          <p className="flex min-w-0 flex-wrap items-center gap-2">
            <span className="min-w-0 truncate font-medium" title={name}>
              {name}
            </span>
            <code className="truncate text-2xs text-ink-3">{key}</code>
            <Badge look="muted">{t(authWords[auth])}</Badge>
          </p>
          <p className="break-all font-mono text-2xs text-ink-3">{url}</p>
        </div>
        {mayWrite && (
          <span className="flex gap-1">
            <Button look="quiet" aria-label={t`Edit ${name}`} onClick={onEdit}>
              <Trans>Edit</Trans>
            </Button>
            <Button look="quiet" aria-label={t`Delete ${name}`} busy={remove.isPending} onClick={() => setAsking(true)}>
              <Trans>Delete</Trans>
            </Button>
          </span>
        )}
      </div>
      <SourceReaders project={project} source={source} />
      {mayWrite && (
        <details className="text-xs">
          <summary className="w-fit cursor-pointer rounded-xs text-ink-3 hover:text-ink">
            <Trans>Ask it something</Trans>
          </summary>
          <AskSource project={project} source={source} />
        </details>
      )}
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false);
          remove.mutate();
        }}
        look="danger"
        title={t`Delete ${name}?`}
        confirmLabel={t`Delete data source`}
      >
        <p>
          <Trans>
            As long as a safeguard, or a gate of a release under way, reads it, it stays. Drafts and templates that name
            it have to name another.
          </Trans>
        </p>
      </ConfirmDialog>
    </li>
  );
}
