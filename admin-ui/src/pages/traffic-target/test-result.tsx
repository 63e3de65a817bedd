import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { UseMutationResult } from '@tanstack/react-query';
import { CircleCheck } from 'lucide-react';
import type { testTrafficTarget } from '../../api/traffic.ts';
import { Failure } from '../../ui/failure.tsx';
import { formatDuration } from '../../ui/format.ts';
import { Notice } from '../../ui/notice.tsx';

type Test = UseMutationResult<Awaited<ReturnType<typeof testTrafficTarget>>, Error, void>;

/** What came of setting the weight that a target has. */
export function TestResult({ test: { data, error, isPending } }: { test: Test }) {
  if (isPending) {
    return (
      <p role="status" className="text-ink-2 text-xs">
        <Trans>Setting the weight that it has, and looking whether it is in force …</Trans>
      </p>
    );
  }
  if (error) {
    return (
      <Notice title={t`It could not be tested`}>
        <Failure error={error} />
      </Notice>
    );
  }
  if (!data) return null;
  if (!data.ok) return <Notice title={t`A release could not steer it`}>{data.problem}</Notice>;
  const { applyMs, seenMs } = data;
  const sentences = [
    t`A release can steer it: the weight that it has was set.`,
    ...(applyMs === null ? [] : [t`That took ${formatDuration(applyMs)}.`]),
    ...(seenMs === null ? [] : [t`It was read back after ${formatDuration(seenMs)}.`]),
    t`Nobody was moved.`,
  ];
  return (
    <p role="status" className="flex items-start gap-2 rounded-sm border border-line bg-surface px-3 py-2.5">
      <CircleCheck className="mt-0.5 size-4 shrink-0 text-live-ink" aria-hidden />
      <span>{sentences.join(' ')}</span>
    </p>
  );
}
