import { manners } from '../locales/locale.ts';
import { formatAge } from './format.ts';
import { useNow } from './use-now.ts';

/** How long ago `at` (ISO 8601) was, kept current; the exact time on hover. */
export function RelativeTime({ at }: { at: string }) {
  const nowMs = useNow();
  return (
    <time dateTime={at} title={new Date(at).toLocaleString(manners())} className="whitespace-nowrap tabular-nums">
      {formatAge(nowMs - Date.parse(at), nowMs)}
    </time>
  );
}
