import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './api-error.ts';

/**
 * The cache of what the server said. A call is made when it is asked for, whatever the browser thinks of the network: one
 * that finds no server fails at once, and none is kept to be sent later, unseen.
 */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        ...{ staleTime: 2_000, retry: shouldRetry, retryDelay: (attempt) => 400 * 2 ** attempt },
        ...{ networkMode: 'always', refetchOnReconnect: true },
      },
      mutations: { networkMode: 'always' },
    },
  });
}

/** Only what may pass by itself is tried again: silence, and errors of the server's own. */
function shouldRetry(failures: number, error: unknown): boolean {
  return failures < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 502);
}
