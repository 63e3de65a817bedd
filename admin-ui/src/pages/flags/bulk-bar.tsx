import { Archive, ArchiveRestore, PowerOff, Tag, UserRound, X } from 'lucide-react';
import { useState } from 'react';
import { setArchived } from '../../api/flags.ts';
import { useMay, useMaySomewhere } from '../../api/permissions.ts';
import type { Project } from '../../api/types.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { formatCount, formatNumber } from '../../ui/format.ts';
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
  const count = formatCount(flags.length, 'flag');
  const close = () => setAsking(undefined);
  const act = (wanted: BulkAct) => {
    close();
    void run(wanted);
  };
  const archive = () =>
    act({
      what: archived ? 'restored' : 'archived',
      act: (flag) => setArchived(project.key, flag.key, !archived),
      back: (_before, after) => setArchived(project.key, after.key, archived, after.version),
    });
  return (
    <section
      aria-label="Chosen flags"
      className="sticky bottom-3 z-3 mx-auto flex w-full max-w-180 flex-wrap items-center gap-2 rounded-lg bg-raised px-3 py-2 shadow-popup"
    >
      {running ? (
        <>
          <span role="status" className="min-w-0 break-words tabular-nums">
            {formatNumber(running.ended)} of {formatNumber(running.total)} {running.what}
          </span>
          <Progress label={`Flags ${running.what}`} value={running.ended} max={running.total} />
          <Button onClick={stop}>Stop</Button>
        </>
      ) : (
        <>
          <IconButton label="Choose none" onClick={() => chosen.chooseOnly([])}>
            <X aria-hidden />
          </IconButton>
          <span role="status" className="me-auto font-medium">
            {count} chosen
          </span>
          {may('flag:write') && !archived && (
            <>
              <Button onClick={() => setAsking('tag')}>
                <Tag aria-hidden />
                Tags
              </Button>
              <Button onClick={() => setAsking('owner')}>
                <UserRound aria-hidden />
                Owner
              </Button>
            </>
          )}
          {maySomewhere('targeting:write') && !archived && (
            <Button onClick={() => setAsking('off')}>
              <PowerOff aria-hidden />
              Turn off
            </Button>
          )}
          {may('flag:archive') && (
            <Button onClick={archived ? archive : () => setAsking('archive')}>
              {archived ? <ArchiveRestore aria-hidden /> : <Archive aria-hidden />}
              {archived ? 'Restore' : 'Archive'}
            </Button>
          )}
        </>
      )}
      <ConfirmDialog
        open={asking === 'archive'}
        onClose={close}
        onConfirm={archive}
        look="danger"
        title={`Archive ${count}?`}
        confirmLabel={`Archive ${count}`}
      >
        <p>
          Every environment, production too, stops serving them: code that still asks gets the default that it passed.
          They can be restored as they are now.
        </p>
        <FlagNames flags={flags} />
      </ConfirmDialog>
      <TagDialog open={asking === 'tag'} onClose={close} flags={flags} onAct={act} project={project.key} />
      {asking === 'owner' && <OwnerDialog project={project.key} flags={flags} onClose={close} onAct={act} />}
      {asking === 'off' && <TurnOffDialog project={project} flags={flags} onClose={close} onAct={act} />}
    </section>
  );
}
