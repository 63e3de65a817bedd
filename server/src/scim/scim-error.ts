import type { FastifyError, FastifyReply } from 'fastify';
import { toApiError } from '../http/handle-errors.ts';

const ERROR_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:Error';
export const SCIM_TYPE = 'application/scim+json; charset=utf-8';

/** RFC 7644, table 9: those that this server answers. */
type ScimType = 'invalidFilter' | 'invalidSyntax' | 'invalidPath' | 'invalidValue' | 'uniqueness';

/** A request that cannot be carried out, in the words of SCIM. */
export class ScimError extends Error {
  override readonly name = 'ScimError';
  readonly scimType: ScimType;

  constructor(scimType: ScimType, detail: string) {
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
  const body = { schemas: [ERROR_SCHEMA], status: String(status), ...(scimType && { scimType }), detail };
  return reply.code(status).headers(headers).type(SCIM_TYPE).send(JSON.stringify(body));
}

function describe(thrown: FastifyError | ScimError, reply: FastifyReply, maxBodyBytes: number) {
  if (thrown instanceof ScimError) {
    const { scimType, message: detail } = thrown;
    return { status: scimType === 'uniqueness' ? 409 : 400, scimType, detail, headers: {} };
  }
  const error = toApiError(thrown, maxBodyBytes);
  if (error.status >= 500) reply.log.error({ err: thrown }, 'request failed');
  const scimType: ScimType | undefined =
    error.code === 'validation_failed' ? 'invalidValue' : error.code === 'malformed_json' ? 'invalidSyntax' : undefined;
  return { status: error.status, scimType, detail: error.message, headers: error.headers };
}
