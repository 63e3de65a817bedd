import { queryOptions } from '@tanstack/react-query';
import { ApiError } from './api-error.ts';
import { api, unwrap, unwrapNothing } from './client.ts';
import type { Enrolment, Proof } from './types.ts';

/** Whether whoever is signed in has a second factor. */
export const secondFactorQuery = queryOptions({
  queryKey: ['second-factor'],
  queryFn: ({ signal }) => unwrap(api.GET('/api/v1/second-factor', { signal })),
});

/** Makes a secret for an authenticator app. */
export function beginSecondFactor(password: string): Promise<Enrolment> {
  return unwrap(api.POST('/api/v1/second-factor', { body: { password } }));
}

/** Turns the second factor on. @returns the recovery codes, which are shown this once */
export async function confirmSecondFactor(code: string): Promise<readonly string[]> {
  return (await unwrap(api.POST('/api/v1/second-factor/confirm', { body: { code } }))).recoveryCodes;
}

/** Those that were left work no more. @returns the new ones, which are shown this once */
export async function renewRecoveryCodes(body: Proof): Promise<readonly string[]> {
  return (await unwrap(api.POST('/api/v1/second-factor/recovery-codes', { body }))).recoveryCodes;
}

/** Ends all other sessions, too. */
export function removeSecondFactor(body: Proof): Promise<void> {
  return unwrapNothing(api.POST('/api/v1/second-factor/remove', { body }));
}

/** Whether the server wants a code besides what was sent. */
export function asksForCode(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'second_factor_required';
}
