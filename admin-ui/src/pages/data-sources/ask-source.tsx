import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { askDataSource } from '../../api/data-sources.ts';
import type { DataSource, DataSourceAnswer } from '../../api/types.ts';
import { manners } from '../../locales/locale.ts';
import { Button } from '../../ui/button.tsx';
import { Field, TextArea } from '../../ui/field.tsx';
import { formatDuration } from '../../ui/format.ts';
import { TryAgain } from '../../ui/try-again.tsx';

/** What every Prometheus that reads anything has. */
const first = 'count(up)';

/** Asks a data source a query, and shows what it says now. */
export function AskSource({ project, source }: { project: string; source: DataSource }) {
  const [query, setQuery] = useState(first);
  const asking = useMutation({ mutationFn: () => askDataSource(project, source.key, query) });
  return (
    <form
      aria-label={t`Ask ${source.name}`}
      className="mt-2 flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (query.trim() !== '') asking.mutate();
      }}
    >
      <Field label={t`Query`} hint={t`PromQL that gives one number; $step is 15 s.`}>
        <TextArea mono value={query} onChange={setQuery} />
      </Field>
      <Button type="submit" className="w-fit" busy={asking.isPending} disabled={query.trim() === ''}>
        <Trans>Ask</Trans>
      </Button>
      {asking.isError && (
        <TryAgain title={t`${source.name} was not asked`} error={asking.error} onRetry={() => asking.mutate()} />
      )}
      {asking.data && <Answer answer={asking.data} />}
    </form>
  );
}

function Answer({ answer: { result, value, reason, ms } }: { answer: DataSourceAnswer }) {
  return (
    <p role="status" className="break-words text-xs">
      {result === 'number' && value !== null ? (
        <span className="font-mono text-base tabular-nums">{value.toLocaleString(manners())}</span>
      ) : (
        <span className={result === 'error' ? 'text-danger-ink' : 'text-ink-2'}>
          {result === 'error' ? t`It cannot be asked` : t`It has no such number`}: {reason}
        </span>
      )}{' '}
      <span className="text-ink-3">
        <Trans>after {formatDuration(ms)}</Trans>
      </span>
    </p>
  );
}
