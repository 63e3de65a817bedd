import { useEffect, useState } from 'react';
import { formatAge } from './format.ts';

/** How long ago `at` (ISO 8601) was, kept current; the exact time on hover. */
export function RelativeTime({ at }: { at: string }) {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <time dateTime={at} title={new Date(at).toLocaleString()} className="whitespace-nowrap tabular-nums">
      {formatAge(nowMs - Date.parse(at))}
    </time>
  );
}
