import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { type UseQueryResult, useMutation, useQueryClient } from '@tanstack/react-query';
import { Snowflake } from 'lucide-react';
import { useState } from 'react';
import { useMaySomewhere } from '../../api/permissions.ts';
import { deleteFreeze, type FreezeOf } from '../../api/schedules.ts';
import type { Project } from '../../api/types.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { toastDone, toastFailed } from '../../ui/toast.tsx';
import { useNow } from '../../ui/use-now.ts';
import { EnvironmentOf } from '../approvals/approvals-page.tsx';
import { FreezeDialog } from './freeze-dialog.tsx';
import { timeOf } from './schedule-words.ts';

/** Times in which environments are not changed; the newest past ones too. */
export function FreezesPanel({ project, freezes }: { project: Project; freezes: UseQueryResult<FreezeOf[]> }) {
  const may = useMaySomewhere(project);
  const nowMs = useNow();
  const client = useQueryClient();
  const [isCreating, setCreating] = useState(false);
  const [asking, setAsking] = useState<FreezeOf>();
  const remove = useMutation({
    mutationFn: (freeze: FreezeOf) => deleteFreeze(project.key, freeze),
    onSuccess: (_, { name }) => toastDone({ title: t`The freeze “${name}” is taken back` }),
    onError: (error) => toastFailed({ title: t`The freeze is as it was`, error }),
    onSettled: () => client.invalidateQueries({ queryKey: ['freezes', project.key] }),
  });
  return (
    <Panel
      title={t`Freezes`}
      note={t`Times in which what an environment serves is not changed: neither by people nor by schedules. Kills always work.`}
      actions={
        may('environment:write') && (
          <Button onClick={() => setCreating(true)}>
            <Trans>
              <Snowflake aria-hidden />
              New freeze
            </Trans>
          </Button>
        )
      }
    >
      <Loaded from={freezes} what={t`the freezes`}>
        {(items) => {
          const shown = items.filter(({ to }) => Date.parse(to) > nowMs);
          return shown.length === 0 ? (
            <p className="px-4 py-3 text-ink-3 text-xs">
              <Trans>No environment is frozen, now or later.</Trans>
            </p>
          ) : (
            <ul aria-label={t`Freezes`}>
              {shown.map((freeze) => (
                <li
                  key={freeze.id}
                  className="flex flex-wrap items-center gap-x-3 gap-y-1 border-line border-b px-4 py-2 last:border-b-0"
                >
                  <span className="min-w-0 flex-1 basis-48 truncate font-medium" title={freeze.name}>
                    {freeze.name}
                  </span>
                  <EnvironmentOf project={project} environment={freeze.environment} />
                  <span className="text-ink-2 text-xs tabular-nums">
                    <Trans>
                      {timeOf({ at: freeze.from })} to {timeOf({ at: freeze.to })}
                    </Trans>
                  </span>
                  {Date.parse(freeze.from) <= nowMs && (
                    <Badge>
                      <Trans>in force</Trans>
                    </Badge>
                  )}
                  {may('environment:write') && (
                    <Button
                      look="quiet"
                      aria-label={t`Take back ${freeze.name} in ${freeze.environment}`}
                      onClick={() => setAsking(freeze)}
                    >
                      <Trans>Take back</Trans>
                    </Button>
                  )}
                </li>
              ))}
            </ul>
          );
        }}
      </Loaded>
      {isCreating && <FreezeDialog project={project} onClose={() => setCreating(false)} />}
      <ConfirmDialog
        open={asking !== undefined}
        onClose={() => setAsking(undefined)}
        onConfirm={() => {
          setAsking(undefined);
          if (asking) remove.mutate(asking);
        }}
        look="danger"
        title={t`Take back the freeze “${asking?.name ?? ''}”?`}
        confirmLabel={t`Take back`}
      >
        <p>
          <Trans>
            From then on the environment can be changed again. One that is in force only those may end who may bypass
            it.
          </Trans>
        </p>
      </ConfirmDialog>
    </Panel>
  );
}
