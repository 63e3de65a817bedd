import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { verificationQuery } from '../../api/audit.ts';
import type { AuditEvent, AuditVerification } from '../../api/types.ts';

/** So many events are fetched for paper; an export has all of them. */
const maxPrinted = 500;

/** As much of the list of events as printing takes. */
interface Events {
  readonly data: readonly AuditEvent[] | undefined;
  readonly hasNextPage: boolean;
  readonly isError: boolean;
  readonly fetchNextPage: () => Promise<Events>;
}

/** What paper says of the log besides its events. */
export interface Printing {
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Undefined: the server did not say. */
  readonly verification: AuditVerification | undefined;
}

/** Fetches what is missing on paper, has the log verified, and then prints. */
export function usePrint(events: Events) {
  const client = useQueryClient();
  const [printing, setPrinting] = useState<Printing>();
  const [isBusy, setBusy] = useState(false);
  useEffect(() => {
    if (printing) window.print();
  }, [printing]);
  const print = async () => {
    setBusy(true);
    const verifying = client.fetchQuery(verificationQuery).catch(() => undefined);
    let state = events;
    while (state.hasNextPage && !state.isError && (state.data?.length ?? 0) < maxPrinted) {
      state = await state.fetchNextPage();
    }
    const verification = await verifying;
    setBusy(false);
    setPrinting({ at: new Date().toISOString(), verification });
  };
  return { print, printing, isBusy };
}
