import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError, isUnauthenticated } from './api-error.ts';

interface Refusals {
  /** A call was refused for want of a session. */
  readonly onUnauthenticated: () => void;
  /** One was refused because the session lacks the second factor that is required now. */
  readonly onSecondFactorMissing: () => void;
}

/** The cache of what the server said. */
export function createQueryClient({ onUnauthenticated, onSecondFactorMissing }: Refusals): QueryClient {
  const onError = (error: unknown) => {
    if (isUnauthenticated(error)) onUnauthenticated();
    if (error instanceof ApiError && error.code === 'second_factor_missing') onSecondFactorMissing();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: { staleTime: 2_000, retry: shouldRetry, retryDelay: (attempt) => 400 * 2 ** attempt },
    },
  });
}

/** Only what may pass by itself is tried again: silence, and errors of the server's own. */
function shouldRetry(failures: number, error: unknown): boolean {
  return failures < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 502);
}
