import type { FastifyError } from 'fastify';
import type { App } from '../http/app-types.ts';
import { sendError, toApiError } from '../http/handle-errors.ts';

/**
 * Gives errors OFREP's form: 400 and 500 carry an `errorCode` (and the flag's key, where one was asked for), so that
 * providers tell them from answers. Others (401, 403, 404, 429 ...) are told by their status and keep the API's form.
 */
export function handleOfrepErrors(app: App): void {
  app.setErrorHandler((thrown: FastifyError, request, reply) => {
    const error = toApiError(thrown, request.routeOptions.bodyLimit);
    if (error.status >= 500) request.log.error({ err: thrown }, 'request failed');
    if (error.status !== 400 && error.status !== 500) return sendError(request, reply, error);
    const { key } = request.params as { readonly key?: string };
    const errorCode = CODES[error.code] ?? 'GENERAL';
    return reply
      .code(error.status)
      .type('application/json; charset=utf-8')
      .serializer((body: unknown) => JSON.stringify(body))
      .send({ key, errorCode, errorDetails: error.message });
  });
}

const CODES: Readonly<Record<string, string>> = {
  malformed_json: 'PARSE_ERROR',
  validation_failed: 'INVALID_CONTEXT',
};
