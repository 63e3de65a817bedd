import type { MessageDescriptor } from '@lingui/core';
import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useEffect, useRef, useState } from 'react';
import type { AuditFilter } from '../../api/audit.ts';
import { download, saveFile } from '../../api/download.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { Failure } from '../../ui/failure.tsx';
import { formatBytes, formatNumber } from '../../ui/format.ts';
import { Notice } from '../../ui/notice.tsx';
import { Progress } from '../../ui/progress.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { type ExportProgress, exportCounter } from './export-counter.ts';

const kinds = [
  { value: 'table', label: msg`Table (CSV)` },
  { value: 'chains', label: msg`Whole chains (JSON lines)` },
] as const;
type Kind = (typeof kinds)[number]['value'];

const explanations: Readonly<Record<Kind, MessageDescriptor>> = {
  table: msg`For spreadsheets: the events that the filters show, newest first, all pages of them.`,
  chains: msg`For proof: every event from the first, of this project or everywhere, with hashes and, for who may see all, signed checkpoints. A script of the server package verifies the file without the server.`,
};

interface ExportDialogProps {
  filter: AuditFilter;
  onClose: () => void;
}

/** Downloads the log, and shows how far it has come. Closing it stops it. Shown for as long as it is rendered. */
export function ExportDialog({ filter, onClose }: ExportDialogProps) {
  const [kind, setKind] = useState<Kind>('table');
  const [progress, setProgress] = useState<ExportProgress>();
  const [error, setError] = useState<unknown>();
  const stopper = useRef<AbortController>(undefined);
  useEffect(() => () => stopper.current?.abort(), []);

  const start = async () => {
    stopper.current = new AbortController();
    const { signal } = stopper.current;
    const counter = exportCounter();
    setError(undefined);
    setProgress(counter.progress());
    try {
      const query = new URLSearchParams(
        kind === 'chains' ? (filter.project ? { project: filter.project } : {}) : { ...filter },
      );
      const path = kind === 'chains' ? '/api/v1/audit/export' : '/api/v1/audit/table';
      const file = await download(`${path}?${query}`, {
        signal,
        onPiece: (piece) => {
          counter.count(piece);
          setProgress(counter.progress());
        },
      });
      saveFile(file, kind === 'chains' ? 'bunting-audit.ndjson' : 'bunting-audit.csv');
      onClose();
    } catch (reason) {
      if (!signal.aborted) setError(reason);
      setProgress(undefined);
    }
  };
  return (
    <Dialog open onClose={onClose} title={t`Export the audit log`}>
      <div className="flex flex-col items-start gap-3 px-5 py-4">
        {error !== undefined && (
          <Notice title={t`It could not be exported`}>
            <Failure error={error} />
          </Notice>
        )}
        <Segmented label={t`Form`} value={kind} options={kinds} onChange={(next) => !progress && setKind(next)} />
        <p className="text-ink-2">{t(explanations[kind])}</p>
        {progress && (
          <div className="flex w-full flex-wrap items-center gap-x-3 gap-y-1.5">
            <span role="status" className="text-ink-2 text-xs tabular-nums">
              {kind === 'chains' && progress.total !== undefined
                ? t`${formatNumber(Math.min(progress.events, progress.total))} of ${formatNumber(progress.total)} events`
                : formatBytes(progress.bytes)}
            </span>
            {kind === 'chains' && progress.total !== undefined && (
              <Progress
                label={t`Events exported`}
                value={Math.min(progress.events, progress.total)}
                max={progress.total}
              />
            )}
          </div>
        )}
      </div>
      <DialogActions>
        <Button onClick={onClose}>{progress ? t`Stop` : t`Cancel`}</Button>
        <Button look="primary" onClick={() => void start()} busy={progress !== undefined}>
          <Trans>Export</Trans>
        </Button>
      </DialogActions>
    </Dialog>
  );
}
