import type { TSchema } from '@sinclair/typebox';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import { ScimErrorSchema } from './resource-schemas.ts';
import { SCIM_TYPE } from './scim-error.ts';

/** What the routes of SCIM say of themselves: whom they are for, and their answers, errors in the form of SCIM. */
export function describe<const T extends Readonly<Record<number, TSchema>>>(
  operationId: string,
  summary: string,
  good: T,
  ...errors: (404 | 409)[]
) {
  const documented: Record<number, TSchema> = responses(good, 401, 403, ...errors);
  for (const [status, { description = '' }] of Object.entries(documented)) {
    if (Number(status) >= 400) documented[Number(status)] = { ...refTo(ScimErrorSchema), description };
  }
  return {
    operationId,
    summary,
    tags: ['scim'],
    consumes: [SCIM_TYPE, 'application/json'],
    produces: [SCIM_TYPE],
    response: documented as T,
  };
}
