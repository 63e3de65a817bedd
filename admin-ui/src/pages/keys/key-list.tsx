import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { asApiError } from '../../api/api-error.ts';
import { instanceCountsQuery } from '../../api/instances.ts';
import { keysQuery } from '../../api/keys.ts';
import { useMay } from '../../api/permissions.ts';
import type { Environment } from '../../api/types.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { LoadingNote, Skeleton } from '../../ui/skeleton.tsx';
import { CreateKeyDialog } from './create-key-dialog.tsx';
import { KeyRow } from './key-row.tsx';
import { usageOf } from './key-usage.ts';

export function KeyList({ project, environment }: { project: string; environment: Environment }) {
  const keys = useQuery(keysQuery(project, environment.key));
  const counts = useQuery(instanceCountsQuery(project, environment.key));
  const [creating, setCreating] = useState(false);
  const may = useMay(project, environment.key);
  const create = may('key:write') && (
    <Button look="primary" onClick={() => setCreating(true)}>
      <Trans>
        <Plus aria-hidden />
        New key
      </Trans>
    </Button>
  );
  return (
    <Panel title={t`Who may connect`} note={t`Only their hashes are stored; a secret is shown once.`} actions={create}>
      {keys.isPending && (
        <div className="flex flex-col gap-3 px-4 py-3.5">
          <LoadingNote what={t`keys`} />
          <Skeleton className="w-72 max-w-full" />
          <Skeleton className="w-60 max-w-full" />
        </div>
      )}
      {keys.isLoadingError && (
        <div className="p-3">
          <Notice
            title={t`The keys cannot be listed`}
            actions={
              <Button onClick={() => void keys.refetch()}>
                <Trans>Try again</Trans>
              </Button>
            }
          >
            {asApiError(keys.error).message}
          </Notice>
        </div>
      )}
      {keys.data?.length === 0 && (
        <EmptyState
          title={t`No key yet`}
          text={t`A service connects with a server key, a page with a client key. Create one to connect the first.`}
        />
      )}
      {keys.data && keys.data.length > 0 && (
        <ul aria-label={t`Keys`}>
          {keys.data.map((key) => (
            <KeyRow
              key={key.id}
              project={project}
              environment={environment}
              sdkKey={key}
              usage={counts.data && usageOf(counts.data.groups, key.id)}
            />
          ))}
        </ul>
      )}
      <CreateKeyDialog project={project} environment={environment} open={creating} onClose={() => setCreating(false)} />
    </Panel>
  );
}
