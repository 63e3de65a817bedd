import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Archive, ArchiveRestore, PowerOff, Tag, UserRound, X } from 'lucide-react';
import { useState } from 'react';
import { setArchived } from '../../api/flags.ts';
import { useMay, useMaySomewhere } from '../../api/permissions.ts';
import type { Project } from '../../api/types.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { formatNumber } from '../../ui/format.ts';
import { Progress } from '../../ui/progress.tsx';
import { FlagNames } from './flag-names.tsx';
import { OwnerDialog } from './owner-dialog.tsx';
import { TagDialog } from './tag-dialog.tsx';
import { TurnOffDialog } from './turn-off-dialog.tsx';
import { type BulkAct, useBulk } from './use-bulk.tsx';
import type { Chosen } from './use-chosen.ts';

interface BulkBarProps {
  project: Project;
  chosen: Chosen;
  archived: boolean;
}

/** What can be done with the chosen flags; how far it has come while it is done. */
export function BulkBar({ project, chosen, archived }: BulkBarProps) {
  const may = useMay(project.key);
  const maySomewhere = useMaySomewhere(project);
  const [asking, setAsking] = useState<'tag' | 'owner' | 'off' | 'archive'>();
  const { run, running, stop } = useBulk(project.key, chosen);
  const { flags } = chosen;
  if (flags.length === 0 && !running) return null;
  const count = plural(flags.length, { one: '# flag', other: '# flags' });
  const close = () => setAsking(undefined);
  const act = (wanted: BulkAct) => {
    close();
    void run(wanted);
  };
  const archive = () =>
    act({
      what: archived ? t`restored` : t`archived`,
      act: (flag) => setArchived(project.key, flag.key, !archived),
      back: (_before, after) => setArchived(project.key, after.key, archived, after.version),
    });
  return (
    <section
      aria-label={t`Chosen flags`}
      className="sticky bottom-3 z-3 mx-auto flex w-full max-w-180 flex-wrap items-center gap-2 rounded-lg bg-raised px-3 py-2 shadow-popup"
    >
      {running ? (
        <>
          <span role="status" className="min-w-0 break-words tabular-nums">
            <Trans>
              {formatNumber(running.ended)} of {formatNumber(running.total)} {running.what}
            </Trans>
          </span>
          <Progress label={t`Flags ${running.what}`} value={running.ended} max={running.total} />
          <Button onClick={stop}>
            <Trans>Stop</Trans>
          </Button>
        </>
      ) : (
        <>
          <IconButton label={t`Choose none`} onClick={() => chosen.chooseOnly([])}>
            <X aria-hidden />
          </IconButton>
          <span role="status" className="me-auto font-medium">
            <Trans>{count} chosen</Trans>
          </span>
          {may('flag:write') && !archived && (
            <>
              <Button onClick={() => setAsking('tag')}>
                <Trans>
                  <Tag aria-hidden />
                  Tags
                </Trans>
              </Button>
              <Button onClick={() => setAsking('owner')}>
                <Trans>
                  <UserRound aria-hidden />
                  Owner
                </Trans>
              </Button>
            </>
          )}
          {maySomewhere('targeting:write') && !archived && (
            <Button onClick={() => setAsking('off')}>
              <Trans>
                <PowerOff aria-hidden />
                Turn off
              </Trans>
            </Button>
          )}
          {may('flag:archive') && (
            <Button onClick={archived ? archive : () => setAsking('archive')}>
              {archived ? <ArchiveRestore aria-hidden /> : <Archive aria-hidden />}
              {archived ? t`Restore` : t`Archive`}
            </Button>
          )}
        </>
      )}
      <ConfirmDialog
        open={asking === 'archive'}
        onClose={close}
        onConfirm={archive}
        look="danger"
        title={t`Archive ${count}?`}
        confirmLabel={t`Archive ${count}`}
      >
        <p>
          <Trans>
            Every environment, production too, stops serving them: code that still asks gets the default that it passed.
            They can be restored as they are now.
          </Trans>
        </p>
        <FlagNames flags={flags} />
      </ConfirmDialog>
      <TagDialog open={asking === 'tag'} onClose={close} flags={flags} onAct={act} project={project.key} />
      {asking === 'owner' && <OwnerDialog project={project.key} flags={flags} onClose={close} onAct={act} />}
      {asking === 'off' && <TurnOffDialog project={project} flags={flags} onClose={close} onAct={act} />}
    </section>
  );
}
