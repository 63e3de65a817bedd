import { t } from '@lingui/core/macro';
import { useQuery } from '@tanstack/react-query';
import { killReceiptsQuery } from '../api/kill-receipts.ts';
import { killSentence } from './kill-sentence.ts';

/** How far a flag's latest kill or re-arm has come, live; nothing while that is not known. */
export function KillReceipt(place: { project: string; environment: string; flag: string }) {
  const { data } = useQuery(killReceiptsQuery(place.project, place.environment, place.flag));
  if (!data) return null;
  return (
    <span role="status" aria-label={t`Kill in ${place.environment}`} className="tabular-nums">
      {killSentence(data)}.
    </span>
  );
}
