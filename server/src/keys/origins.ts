import { ApiError } from '../http/api-error.ts';
import type { KnownKey } from './key-ring.ts';

/**
 * For a key that only some sites' pages may use. Browsers say which site a page is of, and pages cannot lie about it;
 * programs can say anything, so this protects other sites' visitors, not the values. Nothing said is no other site's page.
 * @param origin the header of the request
 * @throws {ApiError} `key_refused`
 */
export function requireOrigin({ origins }: KnownKey, origin: string | undefined): void {
  if (origins === undefined || origin === undefined || origins.includes(origin)) return;
  throw new ApiError(
    'key_refused',
    `Pages of ${origin} may not use this key. Add the origin to the key, or use another key.`,
  );
}
