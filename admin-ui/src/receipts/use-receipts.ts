import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { followReceipts } from '../api/receipt-stream.ts';
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

/**
 * Keeps the receipts of a project's environments live while the caller is on the page. The stream tells of the
 * environments that there are when it is opened, so it is opened again when there are others.
 */
export function useReceiptStream(project: string, environments: readonly Environment[]): void {
  const client = useQueryClient();
  const keys = environments.map(({ key }) => key).join(' ');
  // biome-ignore lint/correctness/useExhaustiveDependencies: `keys` stands for what the stream tells of
  useEffect(() => followReceipts(client, project), [client, project, keys]);
}
