import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Play } from 'lucide-react';
import { useState } from 'react';
import { deleteFireDrill, fireDrillKey, fireDrillQuery, startFireDrill } from '../../api/fire-drills.ts';
import { useMay } from '../../api/permissions.ts';
import type { Environment, FireDrill } from '../../api/types.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { formatDuration } from '../../ui/format.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { toastDone, toastFailed } from '../../ui/toast.tsx';
import { timeOf } from '../schedules/schedule-words.ts';
import { DrillDialog } from './drill-dialog.tsx';
import { everyWords } from './drill-draft.ts';

type Question = 'edit' | 'delete';

/** When drills are held in an environment; holds one now. */
export function DrillSettings({ project, environment }: { project: string; environment: Environment }) {
  const { key, name } = environment;
  const drill = useQuery({ ...fireDrillQuery(project, key), refetchInterval: 30_000 });
  const may = useMay(project, key)('safeguard:write');
  const client = useQueryClient();
  const [asking, setAsking] = useState<Question>();
  const run = useMutation({
    mutationFn: (act: () => Promise<unknown>) => act(),
    onError: (error) => toastFailed({ title: t`Nothing was done in ${name}`, error }),
    onSettled: () => client.invalidateQueries({ queryKey: fireDrillKey(project, key) }),
  });
  return (
    <section aria-label={t`When they are held`} className="rounded-md border border-line bg-surface">
      <Loaded from={drill} what={t`the fire drills’ times`}>
        {(found) =>
          found === null ? (
            <>
              <EmptyState
                title={t`No fire drills are held in ${name}`}
                text={t`A drill sends a real alert the whole way: over HTTP, by a binding, to the kill of a flag that nothing asks for, and waits until every instance has obeyed. So you know before it matters that a kill arrives, and how fast.`}
              />
              {may && (
                <p className="pb-6 text-center">
                  <Button look="primary" onClick={() => setAsking('edit')}>
                    <Trans>Set up fire drills</Trans>
                  </Button>
                </p>
              )}
            </>
          ) : (
            <div className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-3">
              <p className="min-w-0 flex-1 basis-64 break-words">
                {heldWords(found)} <Trans>Slower than {formatDuration(found.limitMs)} is an alarm.</Trans>{' '}
                {found.nextAt !== null && (
                  <span className="text-ink-2">
                    <Trans>The next: {timeOf({ at: found.nextAt })}.</Trans>
                  </span>
                )}
              </p>
              {may && (
                <span className="flex flex-wrap gap-2">
                  <Button
                    look="primary"
                    busy={run.isPending}
                    onClick={() => run.mutate(() => startFireDrill(project, key))}
                  >
                    <Trans>
                      <Play aria-hidden />
                      Hold one now
                    </Trans>
                  </Button>
                  <Button onClick={() => setAsking('edit')}>
                    <Trans>Change</Trans>
                  </Button>
                  <Button look="quiet" onClick={() => setAsking('delete')}>
                    <Trans>Hold no more</Trans>
                  </Button>
                </span>
              )}
            </div>
          )
        }
      </Loaded>
      {asking === 'edit' && drill.data !== undefined && (
        <DrillDialog
          project={project}
          environment={environment}
          drill={drill.data}
          onClose={() => setAsking(undefined)}
        />
      )}
      <ConfirmDialog
        open={asking === 'delete'}
        onClose={() => setAsking(undefined)}
        onConfirm={() => {
          setAsking(undefined);
          run.mutate(async () => {
            await deleteFireDrill(project, key);
            toastDone({ title: t`No more fire drills are held in ${name}` });
          });
        }}
        look="danger"
        title={t`Hold no more fire drills in ${name}?`}
        confirmLabel={t`Hold no more`}
      >
        <p>
          <Trans>Their source and binding go. What came of those that were held stays.</Trans>
        </p>
      </ConfirmDialog>
    </section>
  );
}

function heldWords({ everyHours, window }: FireDrill): string {
  const often = everyWords(everyHours);
  return window ? t`Held ${often}, ${timeOf({ window })}.` : t`Held ${often}.`;
}
