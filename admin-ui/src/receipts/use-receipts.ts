import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { followReceipts, streamLimit } from '../api/receipt-stream.ts';
import { receiptsQuery } from '../api/receipts.ts';
import type { Environment, Receipts } from '../api/types.ts';

/** How far an environment's newest revision has come; undefined until the server said. */
export function useReceipts(project: string, environment: string): Receipts | undefined {
  const client = useQueryClient();
  return useQuery(receiptsQuery(client, project, environment)).data;
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
