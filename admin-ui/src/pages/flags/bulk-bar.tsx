import { Archive, ArchiveRestore, Tag, X } from 'lucide-react';
import { useState } from 'react';
import { setArchived } from '../../api/flags.ts';
import { useMay } from '../../api/permissions.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { formatCount, formatNumber } from '../../ui/format.ts';
import { Progress } from '../../ui/progress.tsx';
import { TagDialog } from './tag-dialog.tsx';
import { useBulk } from './use-bulk.ts';
import type { Chosen } from './use-chosen.ts';

interface BulkBarProps {
  project: string;
  chosen: Chosen;
  archived: boolean;
}

/** Flags that are named before the rest is counted. */
const named = 6;

/** What can be done with the chosen flags; how far it has come while it is done. */
export function BulkBar({ project, chosen, archived }: BulkBarProps) {
  const may = useMay(project);
  const [asking, setAsking] = useState<'tag' | 'archive'>();
  const { run, running, stop } = useBulk(project, chosen);
  const { flags } = chosen;
  if (flags.length === 0 && !running) return null;
  const count = formatCount(flags.length, 'flag');
  const keys = flags.slice(0, named).map(({ key }) => key);
  const further = flags.length - keys.length;
  const archive = () =>
    void run(archived ? 'restored' : 'archived', (flag) => setArchived(project, flag.key, !archived));
  return (
    <section
      aria-label="Chosen flags"
      className="sticky bottom-3 z-3 mx-auto flex w-full max-w-150 flex-wrap items-center gap-2 rounded-lg bg-raised px-3 py-2 shadow-popup"
    >
      {running ? (
        <>
          <span role="status" className="tabular-nums">
            {formatNumber(running.ended)} of {formatNumber(running.total)} {running.what}
          </span>
          <Progress label={`Flags ${running.what}`} value={running.ended} max={running.total} />
          <Button onClick={stop}>Stop</Button>
        </>
      ) : (
        <>
          <span role="status" className="me-auto font-medium">
            {count} chosen
          </span>
          {may('flag:write') && !archived && (
            <Button onClick={() => setAsking('tag')}>
              <Tag aria-hidden />
              Tags
            </Button>
          )}
          {may('flag:archive') && (
            <Button onClick={archived ? archive : () => setAsking('archive')}>
              {archived ? <ArchiveRestore aria-hidden /> : <Archive aria-hidden />}
              {archived ? 'Restore' : 'Archive'}
            </Button>
          )}
          <IconButton label="Choose none" onClick={() => chosen.chooseOnly([])}>
            <X aria-hidden />
          </IconButton>
        </>
      )}
      <ConfirmDialog
        open={asking === 'archive'}
        onClose={() => setAsking(undefined)}
        onConfirm={() => {
          setAsking(undefined);
          archive();
        }}
        look="danger"
        title={`Archive ${count}?`}
        confirmLabel={`Archive ${count}`}
      >
        <p>
          Every environment, production too, stops serving them: code that still asks gets the default that it passed.
          They can be restored as they are now.
        </p>
        <p className="break-words font-mono text-ink text-xs">
          {keys.join(', ')}
          {further > 0 && ` and ${formatNumber(further)} more`}
        </p>
      </ConfirmDialog>
      <TagDialog
        open={asking === 'tag'}
        onClose={() => setAsking(undefined)}
        flags={flags}
        onEdit={(edit) => {
          setAsking(undefined);
          void run('tagged', edit);
        }}
        project={project}
      />
    </section>
  );
}
