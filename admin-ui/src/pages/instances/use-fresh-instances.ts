import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { instancesKey } from '../../api/instances.ts';
import { useReceipts } from '../../receipts/use-receipts.ts';

/** Long enough for a crowd to arrive together, in milliseconds. */
const settleMs = 400;

/** Asks for instances anew when the live receipts say that some came, went or got a revision. */
export function useFreshInstances(project: string, environment: string): void {
  const client = useQueryClient();
  const { receipts } = useReceipts(project, environment);
  const news = receipts && [receipts.revision.number, receipts.confirmed, receipts.instances, receipts.unknown].join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `news` stands for what has changed
  useEffect(() => {
    const timer = setTimeout(() => {
      void client.invalidateQueries({ queryKey: instancesKey(project, environment) }, { cancelRefetch: false });
    }, settleMs);
    return () => clearTimeout(timer);
  }, [client, project, environment, news]);
}
