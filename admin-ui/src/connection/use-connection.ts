import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { noteSilence } from './standing.ts';

/** Hears what the browser says of the network: that it is gone is sure, that it is back has to be tried. */
export function useConnection(project: string): void {
  const client = useQueryClient();
  useEffect(() => {
    const onOffline = () => noteSilence({ isSure: true });
    const onOnline = () => void client.invalidateQueries({ queryKey: ['receipts', project] });
    window.addEventListener('offline', onOffline);
    window.addEventListener('online', onOnline);
    return () => {
      window.removeEventListener('offline', onOffline);
      window.removeEventListener('online', onOnline);
    };
  }, [client, project]);
}
