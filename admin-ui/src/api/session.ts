import { queryOptions } from '@tanstack/react-query';
import { isUnauthenticated } from './api-error.ts';
import { api, unwrap, unwrapNothing } from './client.ts';
import type { Session, SetPasswordBody, SetUpBody, SignInBody, User } from './types.ts';

export interface SignedInUser extends User {
  /** A second factor is required, and must be set up before anything else. */
  readonly mustEnrol: boolean;
}

/** Who is signed in; null when nobody is. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ client, queryKey, signal }): Promise<SignedInUser | null> => {
    try {
      return toSignedIn(await unwrap(api.GET('/api/v1/session', { signal })));
    } catch (error) {
      // Who was signed in stays who this page is of, until someone signs in again.
      if (isUnauthenticated(error) && !client.getQueryData(queryKey)) return null;
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
export async function createOwner(body: SetUpBody): Promise<SignedInUser> {
  return toSignedIn(await unwrap(api.POST('/api/v1/setup', { body })));
}

/** Sets the password of whoever has the one-time link, and signs them in. */
export async function setPassword(body: SetPasswordBody): Promise<SignedInUser> {
  return toSignedIn(await unwrap(api.POST('/api/v1/password', { body })));
}

export async function signIn(body: SignInBody): Promise<SignedInUser> {
  return toSignedIn(await unwrap(api.POST('/api/v1/session', { body })));
}

/** How people may sign in here. */
export const signInWaysQuery = queryOptions({
  queryKey: ['sign-in-ways'],
  queryFn: ({ signal }) => unwrap(api.GET('/api/v1/sign-in', { signal })),
});

export function signOut(): Promise<void> {
  return unwrapNothing(api.DELETE('/api/v1/session'));
}

function toSignedIn({ user, mustEnrol }: Session): SignedInUser {
  return { ...user, mustEnrol };
}
