import type { QueryClient } from '@tanstack/react-query';
import { clearToasts } from '../../ui/toast.tsx';

/** What is asked before anyone is signed in: to take it away would break the sign-in page that is being loaded. */
const atTheDoor: ReadonlySet<unknown> = new Set(['session', 'setup', 'sign-in-ways']);

/** Nothing that someone saw, was told or could take back stays for whoever signs in next on this device. */
export function forgetPerson(client: QueryClient): void {
  client.getMutationCache().clear();
  client.removeQueries({ predicate: ({ queryKey }) => !atTheDoor.has(queryKey[0]) });
  clearToasts();
}
