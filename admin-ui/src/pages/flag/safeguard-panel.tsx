import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Plus, ShieldPlus } from 'lucide-react';
import { useMay } from '../../api/permissions.ts';
import { safeguardsOfFlagQuery } from '../../api/safeguards.ts';
import type { Environment, Flag } from '../../api/types.ts';
import { SafeguardDialog } from '../../safeguards/safeguard-dialog.tsx';
import { SafeguardRow } from '../../safeguards/safeguard-row.tsx';
import { useStandardSet } from '../../safeguards/use-standard-set.ts';
import { Button } from '../../ui/button.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';

const freshMs = 3_000;

interface SafeguardPanelProps {
  project: string;
  flag: Flag;
  environment: Environment;
  /** The dialog for a new one is open. */
  isCreating: boolean;
  onCreate: (isCreating: boolean) => void;
}

/** What watches the flag in an environment, and stops it by itself. */
export function SafeguardPanel({ project, flag, environment, isCreating, onCreate }: SafeguardPanelProps) {
  const place = { project, environment: environment.key };
  const safeguards = useQuery({ ...safeguardsOfFlagQuery(place, flag.key), refetchInterval: freshMs });
  const mayWrite = useMay(project, environment.key)('safeguard:write') && flag.archivedAt === null;
  const standard = useStandardSet(place);
  return (
    <Panel
      title={t`Safeguards in ${environment.name}`}
      note={t`What stops it by itself when it harms.`}
      actions={
        mayWrite && (
          <Button look="quiet" onClick={() => onCreate(true)}>
            <Trans>
              <Plus aria-hidden />
              New safeguard
            </Trans>
          </Button>
        )
      }
    >
      <Loaded from={safeguards} what={t`the safeguards`}>
        {(items) =>
          items.length === 0 ? (
            <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3.5">
              <p className="min-w-0 flex-1 basis-72 text-ink-2 text-xs">
                <Trans>
                  Nothing watches it here. The usual three look for a crash, for a slow worsening, and for harm of those
                  whom it is served; they only say what they would do until you arm them.
                </Trans>
              </p>
              {mayWrite && (
                <Button busy={standard.isPending} onClick={() => standard.mutate(flag.key)}>
                  <Trans>
                    <ShieldPlus aria-hidden />
                    Watch it
                  </Trans>
                </Button>
              )}
            </div>
          ) : (
            <ul aria-label={t`Safeguards`}>
              {items.map((safeguard) => (
                <SafeguardRow key={safeguard.id} place={place} safeguard={safeguard} ofFlag />
              ))}
            </ul>
          )
        }
      </Loaded>
      {isCreating && mayWrite && (
        <SafeguardDialog {...{ project, environment }} flag={flag.key} onClose={() => onCreate(false)} />
      )}
    </Panel>
  );
}
