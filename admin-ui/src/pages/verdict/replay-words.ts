import { t } from '@lingui/core/macro';
import type { SafeguardReplay, SafeguardTest, SafeguardVerdict } from '../../api/types.ts';
import { formatDuration } from '../../ui/format.ts';

/** Tests that can judge what was counted as well, as strict as the usual ones. */
export function otherTests({
  test,
  metric,
  baseline,
}: Pick<SafeguardVerdict, 'test' | 'metric' | 'baseline'>): SafeguardTest[] {
  if (test.kind === 'sample_ratio' || test.kind === 'latency') return [];
  const usual: SafeguardTest[] = [
    { kind: 'crash', alpha: 0.0001, atMost: 0.05 },
    ...(baseline === null || metric.kind === 'mismatches'
      ? []
      : [{ kind: 'relative_risk', alpha: 0.01, tolerance: 1 } as const]),
    { kind: 'ceiling', alpha: 0.01, atMost: 0.01 },
    { kind: 'burn_rate', objective: 0.999, profile: 'release' },
  ];
  return usual.filter(({ kind }) => kind !== test.kind);
}

/** What was found, beside what was found then. */
export function replayWords(
  { at }: Pick<SafeguardVerdict, 'at'>,
  { verdict, failedAt, same }: Pick<SafeguardReplay, 'verdict' | 'failedAt' | 'same'>,
  isOther: boolean,
): string {
  if (!isOther) {
    return same
      ? t`The same, bit for bit: what is stored is what it was judged by.`
      : t`It comes to something else: what is stored was changed, or this version of Bunting judges differently.`;
  }
  if (verdict === 'pending' || failedAt === null) return t`It would not have failed.`;
  const laterMs = Date.parse(failedAt) - Date.parse(at);
  if (Math.abs(laterMs) < 1_000) return t`It would have failed at the same moment.`;
  const time = formatDuration(Math.abs(laterMs));
  return laterMs < 0 ? t`It would have failed ${time} earlier.` : t`It would have failed ${time} later.`;
}
