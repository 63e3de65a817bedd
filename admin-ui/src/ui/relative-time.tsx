import { i18n } from '@lingui/core';
import { formatAge } from './format.ts';
import { useNow } from './use-now.ts';

/** How long ago `at` (ISO 8601) was, kept current; the exact time on hover. */
export function RelativeTime({ at }: { at: string }) {
  const nowMs = useNow();
  return (
    <time
      dateTime={at}
      title={i18n.date(at, { dateStyle: 'short', timeStyle: 'medium' })}
      className="whitespace-nowrap tabular-nums"
    >
      {formatAge(nowMs - Date.parse(at), nowMs)}
    </time>
  );
}
