import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { refreshFlags } from '../../api/flag-cache.ts';
import { flagQuery, showToPages } from '../../api/flags.ts';
import { useMay } from '../../api/permissions.ts';
import type { Flag } from '../../api/types.ts';
import { Button } from '../../ui/button.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';

/** Of a flag that pages do not get yet: says so, and lets them. */
export function ShowToPages({ project, flag }: { project: string; flag: Flag }) {
  const client = useQueryClient();
  const may = useMay(project);
  const showing = useMutation({
    mutationFn: () => showToPages(project, flag.key),
    onSuccess: (shown) => {
      client.setQueryData(flagQuery(project, flag.key).queryKey, shown);
      void refreshFlags(client, project);
    },
  });
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-sm border border-line bg-sunken px-3 py-2">
      <p className="min-w-0 flex-1 basis-60 text-ink-2">
        <Trans>Pages do not get this flag yet. What they get, anyone can read: its value, never its rules.</Trans>
      </p>
      {may('flag:write') && (
        <Button busy={showing.isPending} onClick={() => showing.mutate()}>
          <Trans>Let pages have it</Trans>
        </Button>
      )}
      {showing.error && (
        <Notice title={t`Pages do not get it`}>
          <Failure error={showing.error} />
        </Notice>
      )}
    </div>
  );
}
