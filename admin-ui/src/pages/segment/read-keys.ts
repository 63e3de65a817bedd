import { t } from '@lingui/core/macro';

/** As many as one request takes; more come by a file. */
const maxKeys = 10_000;

/** Keys as they are typed, a key a line; empty lines and repetitions do not count. */
export function readKeys(text: string): { ok: true; keys: string[] } | { ok: false; error: string } {
  const keys = [...new Set(text.split(/\r?\n/).map((line) => line.trim()))].filter((key) => key !== '');
  if (keys.length === 0) return { ok: false, error: t`Enter at least one key, a key a line.` };
  if (keys.length > maxKeys) return { ok: false, error: t`These are more than 10,000 keys: upload them as a file.` };
  const long = keys.find((key) => key.length > 1_000);
  if (long !== undefined) {
    return { ok: false, error: t`A key may have 1,000 characters: “${long.slice(0, 30)}…” has ${long.length}.` };
  }
  return { ok: true, keys };
}
