import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Download, ListPlus, Trash2, Upload, X } from 'lucide-react';
import { useState } from 'react';
import { download, saveFile } from '../../api/download.ts';
import {
  changeKeys,
  clearKeys,
  type KeyList,
  keysExportPath,
  type SegmentPlace,
  segmentKeysQuery,
} from '../../api/segments.ts';
import type { Environment, Segment } from '../../api/types.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { wordOf } from '../../ui/code-words.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { formatNumber } from '../../ui/format.ts';
import { Loaded, More } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { toastDone, toastFailed } from '../../ui/toast.tsx';
import { AddKeysDialog } from './add-keys-dialog.tsx';
import { UploadDialog } from './upload-dialog.tsx';

interface KeysPanelProps {
  place: SegmentPlace;
  segment: Segment;
  environment: Environment;
  mayWrite: boolean;
}

/** The keys of a segment's two lists: look for one, add, remove, replace by a file, take along. */
export function KeysPanel({ place, segment, environment, mayWrite }: KeysPanelProps) {
  const client = useQueryClient();
  const [list, setList] = useState<KeyList>('included');
  const [key, setKey] = useState('');
  const [open, setOpen] = useState<'add' | 'upload' | 'clear'>();
  const keys = useInfiniteQuery({
    ...segmentKeysQuery(place, list, key),
    placeholderData: keepPreviousData,
    select: ({ pages }) => pages.flatMap((page) => page.items),
  });
  const count = list === 'included' ? segment.includedCount : segment.excludedCount;
  const close = () => setOpen(undefined);
  const refresh = () => client.invalidateQueries({ queryKey: ['segments', place.project, place.environment] });
  const run = async (act: () => Promise<string>) => {
    try {
      toastDone({ title: await act() });
    } catch (error) {
      toastFailed({ title: t`The keys are as they were`, error });
    }
    await refresh();
  };
  const remove = (one: string) =>
    run(async () => {
      await changeKeys(place, list, { remove: [one] });
      return list === 'included' ? t`${one} is no longer included` : t`${one} is no longer excluded`;
    });
  const save = () =>
    run(async () => {
      const stopper = new AbortController();
      const file = await download(keysExportPath(place, list), { signal: stopper.signal, onPiece: () => {} });
      saveFile(file, `${place.segment}-${list}.txt`);
      return t`${plural(count, { one: '# key', other: '# keys' })} exported`;
    });
  return (
    <Panel
      title={t`Keys`}
      note={t`Of ${segment.by ?? 'targetingKey'}. Excluded ones are out, included ones in, whatever the condition says.`}
      actions={
        <Segmented
          label={t`List`}
          value={list}
          options={[
            { value: 'included', label: t`Included ${formatNumber(segment.includedCount)}` },
            { value: 'excluded', label: t`Excluded ${formatNumber(segment.excludedCount)}` },
          ]}
          onChange={setList}
        />
      }
    >
      <div className="flex flex-wrap items-center gap-2 border-line border-b px-4 py-2">
        <div className="flex min-w-full flex-1 sm:min-w-60">
          <SearchBox label={t`Look for a key, exactly`} value={key} onChange={setKey} />
        </div>
        {mayWrite && (
          <>
            <Button onClick={() => setOpen('add')}>
              <Trans>
                <ListPlus aria-hidden />
                Add
              </Trans>
            </Button>
            <Button onClick={() => setOpen('upload')}>
              <Trans>
                <Upload aria-hidden />
                Upload
              </Trans>
            </Button>
          </>
        )}
        <Button onClick={() => void save()} disabled={count === 0}>
          <Trans>
            <Download aria-hidden />
            Export
          </Trans>
        </Button>
        {mayWrite && (
          <Button onClick={() => setOpen('clear')} disabled={count === 0}>
            <Trans>
              <Trash2 aria-hidden />
              Remove all
            </Trans>
          </Button>
        )}
      </div>
      <Loaded from={keys} what={t`the keys`}>
        {(items) =>
          items.length === 0 ? (
            <p className="px-4 py-3.5 text-ink-3 text-xs" role="status">
              {key !== ''
                ? t`“${key}” is not ${wordOf(list)}.`
                : t`No key is ${wordOf(list)}. Add some by hand, or upload a file with a key a line.`}
            </p>
          ) : (
            <ul aria-label={t`Keys that are ${wordOf(list)}`} className="max-h-100 overflow-y-auto">
              {items.map((one) => (
                <li key={one} className="flex items-center gap-2 border-line border-b px-4 last:border-b-0">
                  <code className="min-w-0 flex-1 break-all py-1.5 text-xs">{one}</code>
                  {mayWrite && (
                    <IconButton label={t`Remove ${one}`} onClick={() => void remove(one)}>
                      <X aria-hidden />
                    </IconButton>
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      <More from={keys} label={t`Show more keys`} />
      {open === 'add' && <AddKeysDialog place={place} list={list} onClose={close} onChanged={refresh} />}
      {open === 'upload' && (
        <UploadDialog
          place={place}
          list={list}
          environment={environment}
          count={count}
          onClose={close}
          onDone={refresh}
        />
      )}
      <ConfirmDialog
        open={open === 'clear'}
        onClose={close}
        onConfirm={() => {
          close();
          void run(
            async () => t`${plural((await clearKeys(place, list)).removed, { one: '# key', other: '# keys' })} removed`,
          );
        }}
        look={environment.production ? 'production' : 'danger'}
        title={t`Remove ${plural(count, { one: '# key', other: '# keys' })} from ${place.segment} in ${environment.name}?`}
        confirmLabel={t`Remove all keys`}
      >
        <p>
          <Trans>
            Nobody is {list} by a key any more; only the condition decides. Every instance learns of it at once.
          </Trans>
        </p>
      </ConfirmDialog>
    </Panel>
  );
}
