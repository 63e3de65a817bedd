import { queryOptions } from '@tanstack/react-query';
import { api, unwrap, unwrapNothing } from './client.ts';
import type { IdentityProviderBody, SignInPolicy } from './types.ts';

/** What is asked of whoever signs in. */
export const signInPolicyQuery = queryOptions({
  queryKey: ['sign-in-policy'] as const,
  queryFn: ({ signal }) => unwrap(api.GET('/api/v1/sign-in-policy', { signal })),
});

/** Holds from the next request on, also for those who are signed in. */
export function setSignInPolicy(body: SignInPolicy) {
  return unwrap(api.PUT('/api/v1/sign-in-policy', { body }));
}

/** The providers of single sign-on, by key. */
export const identityProvidersQuery = queryOptions({
  queryKey: ['identity-providers'] as const,
  queryFn: async ({ signal }) => (await unwrap(api.GET('/api/v1/identity-providers', { signal }))).items,
});

/** Makes or changes a provider; it is asked who it is before it is saved. */
export function putIdentityProvider(provider: string, body: IdentityProviderBody) {
  return unwrap(api.PUT('/api/v1/identity-providers/{provider}', { params: { path: { provider } }, body }));
}

export function removeIdentityProvider(provider: string): Promise<void> {
  return unwrapNothing(api.DELETE('/api/v1/identity-providers/{provider}', { params: { path: { provider } } }));
}
