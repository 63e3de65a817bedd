import { queryOptions } from '@tanstack/react-query';
import { ApiError } from './api-error.ts';
import { api, unwrap } from './client.ts';
import type { Enrolment } from './types.ts';

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

/** Whether the server wants a code besides what was sent. */
export function asksForCode(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'second_factor_required';
}
