import { BUCKET_COUNT } from '@bunting/core';
import { t } from '@lingui/core/macro';
import { describeCondition } from '../flags/describe-condition.ts';
import { formatPercent } from '../flags/weights.ts';
import { isRecord } from './differences-of.ts';

/** A value of a document in words, where there are some for it; else as it is stored. @param field the innermost name of its place */
export function describeValue(field: string, value: unknown): string {
  if (field === 'when') return describeCondition(value);
  if (field === 'enabled' && typeof value === 'boolean') return value ? t`on` : t`off`;
  if (typeof value === 'string') return value;
  return describeServe(value) ?? describeRule(value) ?? JSON.stringify(value);
}

/** What a serve gives, largest share first; undefined: it is none. Shares of no variant are those of the off variant. */
function describeServe(value: unknown): string | undefined {
  if (!isRecord(value)) return undefined;
  const { variant, split, ...rest } = value;
  if (Object.keys(rest).length > 0) return undefined;
  if (typeof variant === 'string' && split === undefined) return variant;
  if (!isRecord(split) || !Array.isArray(split.ranges)) return undefined;
  const shares = new Map<string, number>();
  for (const range of split.ranges as unknown[]) {
    if (!isRecord(range) || typeof range.from !== 'number' || typeof range.to !== 'number') return undefined;
    const name = String(range.variant);
    shares.set(name, (shares.get(name) ?? 0) + range.to - range.from);
  }
  const left = BUCKET_COUNT - [...shares.values()].reduce((a, b) => a + b, 0);
  const { ranges: _, by, ...options } = split;
  if (by !== undefined && typeof by !== 'string') return undefined;
  return [
    ...[...shares].sort(([, a], [, b]) => b - a).map(([name, share]) => `${formatPercent(share)} ${name}`),
    ...(left > 0 ? [t`${formatPercent(left)} off variant`] : []),
    ...(by === undefined ? [] : [t`by ${by}`]),
    ...(Object.keys(options).length > 0 ? [JSON.stringify(options)] : []),
  ].join(', ');
}

function describeRule(value: unknown): string | undefined {
  if (!isRecord(value) || value.when === undefined) return undefined;
  const serve = describeServe(value.serve);
  return serve === undefined ? undefined : t`if ${describeCondition(value.when)}: ${serve}`;
}
