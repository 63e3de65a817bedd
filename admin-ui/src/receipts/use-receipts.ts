import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { followReceipts, streamLimit } from '../api/receipt-stream.ts';
import { receiptsQuery } from '../api/receipts.ts';
import type { Environment, Receipts } from '../api/types.ts';

export interface KnownReceipts {
  /** How far the newest revision has come. Undefined until the server said, and while it does not answer. */
  readonly receipts: Receipts | undefined;
  /** The server does not answer: what it said last may long be untrue. */
  readonly lost: boolean;
}

export function useReceipts(project: string, environment: string): KnownReceipts {
  const client = useQueryClient();
  const { data, isError } = useQuery(receiptsQuery(client, project, environment));
  return { receipts: isError ? undefined : data, lost: isError };
}

/** Keeps the receipts of a project's environments live while the caller is on the page; production has precedence. */
export function useReceiptStreams(project: string, environments: readonly Environment[]): void {
  const client = useQueryClient();
  const followed = [...environments]
    .sort((a, b) => Number(b.production) - Number(a.production))
    .slice(0, streamLimit)
    .map(({ key }) => key)
    .join(' ');
  useEffect(() => {
    const ends = followed.split(' ').map((environment) => followReceipts(client, project, environment));
    return () => {
      for (const end of ends) end();
    };
  }, [client, project, followed]);
}
