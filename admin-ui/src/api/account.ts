import { queryOptions } from '@tanstack/react-query';
import { api, unwrap, unwrapNothing } from './client.ts';

/** Where whoever is signed in is signed in, newest first. */
export const ownSessionsQuery = queryOptions({
  queryKey: ['account', 'sessions'] as const,
  queryFn: async ({ signal }) => (await unwrap(api.GET('/api/v1/sessions', { signal }))).items,
});

export function endSession(session: string): Promise<void> {
  return unwrapNothing(api.DELETE('/api/v1/sessions/{session}', { params: { path: { session } } }));
}

/** Signs out everywhere but here. */
export function endOtherSessions(): Promise<void> {
  return unwrapNothing(api.DELETE('/api/v1/sessions'));
}

/** Ends all other sessions, too. */
export function changePassword(body: { oldPassword: string; password: string }): Promise<void> {
  return unwrapNothing(api.PUT('/api/v1/password', { body }));
}
