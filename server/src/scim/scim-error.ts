import type { Static } from '@sinclair/typebox';
import type { FastifyError, FastifyReply } from 'fastify';
import { type ApiError, NameTaken } from '../http/api-error.ts';
import { toApiError } from '../http/handle-errors.ts';
import type { ScimErrorSchema } from './resource-schemas.ts';

const ERROR_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:Error';
export const SCIM_TYPE = 'application/scim+json';

type ErrorBody = Static<typeof ScimErrorSchema>;
type ScimType = NonNullable<ErrorBody['scimType']>;

/** A request that cannot be meant, in the words of SCIM. */
export class ScimError extends Error {
  override readonly name = 'ScimError';
  readonly scimType: ScimType;

  constructor(scimType: Exclude<ScimType, 'uniqueness'>, detail: string) {
    super(detail);
    this.scimType = scimType;
  }
}

/** Answers any error in the form of RFC 7644, section 3.12. */
export function sendScimError(
  thrown: FastifyError | ScimError,
  reply: FastifyReply,
  maxBodyBytes: number,
): FastifyReply {
  const { status, scimType, detail, headers } = describe(thrown, reply, maxBodyBytes);
  const body: ErrorBody = { schemas: [ERROR_SCHEMA], status: String(status), ...(scimType && { scimType }), detail };
  return reply.code(status).headers(headers).type(`${SCIM_TYPE}; charset=utf-8`).send(JSON.stringify(body));
}

function describe(thrown: FastifyError | ScimError, reply: FastifyReply, maxBodyBytes: number) {
  if (thrown instanceof ScimError) {
    const { scimType, message: detail } = thrown;
    return { status: 400, scimType, detail, headers: {} };
  }
  const error = toApiError(thrown, maxBodyBytes);
  if (error.status >= 500) reply.log.error({ err: thrown }, 'request failed');
  return { status: error.status, scimType: scimTypeOf(error), detail: error.message, headers: error.headers };
}

function scimTypeOf(error: ApiError): ScimType | undefined {
  if (error instanceof NameTaken) return 'uniqueness';
  if (error.code === 'validation_failed') return 'invalidValue';
  return error.code === 'malformed_json' ? 'invalidSyntax' : undefined;
}
