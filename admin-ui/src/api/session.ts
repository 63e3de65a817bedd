import { queryOptions } from '@tanstack/react-query';
import { isUnauthenticated } from './api-error.ts';
import { api, unwrap, unwrapNothing } from './client.ts';
import type { SetPasswordBody, SetUpBody, SignInBody, User } from './types.ts';

/** Who is signed in; null when nobody is. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }): Promise<User | null> => {
    try {
      return (await unwrap(api.GET('/api/v1/session', { signal }))).user;
    } catch (error) {
      if (isUnauthenticated(error)) return null;
      throw error;
    }
  },
  staleTime: 60_000,
});

/** Whether the owner's account is still to be created. */
export const setupQuery = queryOptions({
  queryKey: ['setup'],
  queryFn: async ({ signal }) => (await unwrap(api.GET('/api/v1/setup', { signal }))).required,
});

/** Creates the owner and signs in. `token` is from the one-time link that the server printed. */
export async function createOwner(body: SetUpBody): Promise<User> {
  return (await unwrap(api.POST('/api/v1/setup', { body }))).user;
}

/** Sets the password of whoever has the one-time link, and signs them in. */
export async function setPassword(body: SetPasswordBody): Promise<User> {
  return (await unwrap(api.POST('/api/v1/password', { body }))).user;
}

export async function signIn(body: SignInBody): Promise<User> {
  return (await unwrap(api.POST('/api/v1/session', { body }))).user;
}

export function signOut(): Promise<void> {
  return unwrapNothing(api.DELETE('/api/v1/session'));
}
