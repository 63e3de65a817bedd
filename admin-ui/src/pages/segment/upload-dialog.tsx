import { msg, plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useEffect, useRef, useState } from 'react';
import { sayFailure } from '../../api/api-error.ts';
import type { KeyList, SegmentPlace } from '../../api/segments.ts';
import type { Environment } from '../../api/types.ts';
import { type UploadProgress, uploadKeys } from '../../api/upload-keys.ts';
import { Button } from '../../ui/button.tsx';
import { wordOf } from '../../ui/code-words.ts';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { Field, FileInput } from '../../ui/field.tsx';
import { formatBytes, formatNumber } from '../../ui/format.ts';
import { Notice } from '../../ui/notice.tsx';
import { Progress } from '../../ui/progress.tsx';
import { toastDone } from '../../ui/toast.tsx';

interface UploadDialogProps {
  place: SegmentPlace;
  list: KeyList;
  environment: Environment;
  /** Keys that are in the list now. */
  count: number;
  onClose: () => void;
  onDone: () => void;
}

const phaseWords = {
  reading: msg`Reading`,
  comparing: msg`Comparing with what is there`,
  storing: msg`Storing what differs`,
  publishing: msg`Publishing`,
} as const;

/** Replaces a list of keys by those of a file, and shows how far it is. Closing it before it is published changes nothing. */
export function UploadDialog({ place, list, environment, count, onClose, onDone }: UploadDialogProps) {
  const [file, setFile] = useState<File>();
  const [progress, setProgress] = useState<UploadProgress>();
  const [error, setError] = useState<string>();
  const stopper = useRef<AbortController>(undefined);
  useEffect(() => () => stopper.current?.abort(), []);

  const start = async () => {
    if (!file) return setError(t`Choose a file of text with a key a line.`);
    stopper.current = new AbortController();
    const { signal } = stopper.current;
    setError(undefined);
    setProgress({ phase: 'reading', keys: 0 });
    try {
      const { added, removed, repeated } = await uploadKeys(place, list, file, { signal, onProgress: setProgress });
      toastDone({
        title: t`${plural(added, { one: '# key', other: '# keys' })} added, ${formatNumber(removed)} removed`,
        text: repeated > 0 ? t`${formatNumber(repeated)} were in the file more than once.` : undefined,
      });
      onDone();
      onClose();
    } catch (reason) {
      if (!signal.aborted) setError(sayFailure(reason));
      setProgress(undefined);
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t`Upload keys that are ${wordOf(list)}`}
      description={t`The file takes the place of the ${plural(count, { one: '# key', other: '# keys' })} that are there; only what differs is sent to instances.`}
    >
      <div className="flex flex-col gap-3 px-5 py-4">
        {error !== undefined && <Notice title={error} />}
        <Field label={t`File`} hint={file ? formatBytes(file.size) : t`Text, a key a line; up to a million keys.`}>
          <FileInput accept="text/plain,.txt,.csv" onChoose={setFile} disabled={progress !== undefined} />
        </Field>
        {progress && (
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
            <span role="status" className="text-ink-2 text-xs tabular-nums">
              {t(phaseWords[progress.phase])}:{' '}
              {progress.of === undefined
                ? formatNumber(progress.keys)
                : t`${formatNumber(progress.keys)} of ${formatNumber(progress.of)}`}
            </span>
            <Progress label={t`Upload`} value={progress.of === undefined ? 0 : progress.keys} max={progress.of ?? 1} />
          </div>
        )}
      </div>
      <DialogActions>
        <Button onClick={onClose}>{progress ? t`Stop` : t`Cancel`}</Button>
        <Button
          look={environment.production ? 'production' : 'primary'}
          busy={progress !== undefined}
          onClick={() => void start()}
        >
          <Trans>Replace keys</Trans>
        </Button>
      </DialogActions>
    </Dialog>
  );
}
