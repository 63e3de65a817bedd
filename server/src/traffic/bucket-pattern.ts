import { BUCKET_COUNT } from '@bunting/core';

/** What matches any bucket. */
const EVERY_BUCKET = '^[0-9]{5}$';

/**
 * A regular expression for the buckets below a share: for proxies that compare texts only. Buckets are written with five digits.
 * @returns undefined where it would match none
 */
export function bucketPattern(per100k: number): string | undefined {
  if (per100k <= 0) return undefined;
  if (per100k >= BUCKET_COUNT) return EVERY_BUCKET;
  const digits = String(per100k).padStart(5, '0');
  // The same up to some digit, less there, anything behind.
  const branches = [...digits].flatMap((digit, at) => {
    if (digit === '0') return [];
    const below = digit === '1' ? '0' : `[0-${Number(digit) - 1}]`;
    const rest = digits.length - at - 1;
    return [`${digits.slice(0, at)}${below}${rest === 0 ? '' : `[0-9]{${rest}}`}`];
  });
  return `^(?:${branches.join('|')})$`;
}
