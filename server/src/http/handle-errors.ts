import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { OutcomeUnknown } from '../store/store-error.ts';
import { isBusy, isStoreFailure, isUnstorableText } from '../store/store-failure.ts';
import { ApiError } from './api-error.ts';
import type { App } from './app-types.ts';

/** Gives every error, also the framework's own, the one form of the API. */
export function handleErrors(app: App): void {
  app.setErrorHandler((thrown: FastifyError, request, reply) => {
    const error = toApiError(thrown, request.routeOptions.bodyLimit);
    if (error.status >= 500) request.log.error({ err: thrown }, 'request failed');
    sendError(request, reply, error);
  });
}

/** Answers what fails before there is a route, such as an address that cannot be decoded. */
export function answerUnroutable(thrown: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const message = `The address cannot be used: ${thrown.message}. In an address a % is written %25.`;
  sendError(request, reply.header('x-request-id', request.id), new ApiError('bad_request', message));
}

export function sendError(request: FastifyRequest, reply: FastifyReply, error: ApiError): FastifyReply {
  return reply
    .code(error.status)
    .headers(error.headers)
    .type('application/json; charset=utf-8')
    .serializer((body: unknown) => JSON.stringify(body))
    .send(errorBody(error, request.id));
}

/** The form of an error, over HTTP and in the stream's error frame. */
export function errorBody(
  error: ApiError,
  requestId: string,
): { code: string; message: string; details?: unknown; requestId: string } {
  const { code, message, details } = error;
  return details === undefined ? { code, message, requestId } : { code, message, details, requestId };
}

export function toApiError(thrown: FastifyError, maxBodyBytes: number): ApiError {
  if (thrown instanceof ApiError) return thrown;
  if (thrown instanceof OutcomeUnknown) {
    return new ApiError(
      'store_outcome_unknown',
      'The database was lost at the very moment of storing the change: it may or may not have been stored. Look at what ' +
        'is there before you try again.',
      undefined,
      { 'retry-after': '5' },
    );
  }
  if (isUnstorableText(thrown)) {
    return new ApiError('bad_request', 'A text holds the character NUL (\\u0000), which cannot be stored. Remove it.');
  }
  if (isBusy(thrown)) {
    const message = 'Another change of the same project takes long, and this one was not made. Try again soon.';
    return new ApiError('store_unavailable', message, undefined, { 'retry-after': '1' });
  }
  if (isStoreFailure(thrown)) {
    return new ApiError(
      'store_unavailable',
      'The database cannot be used at the moment; flags are still served. Try again soon.',
      undefined,
      { 'retry-after': '5' },
    );
  }
  switch (thrown.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new ApiError('payload_too_large', `The body is too large: at most ${maxBodyBytes} bytes are accepted.`);
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new ApiError('unsupported_media_type', 'Send the body as application/json, with that Content-Type.');
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return new ApiError('malformed_json', 'The body is empty: send a JSON document.');
    default: {
      const status = thrown.statusCode ?? 500;
      if (status >= 400 && status < 500) return new ApiError('bad_request', thrown.message);
      return new ApiError(
        'internal_error',
        'The server failed on this request. Its log has the cause under this request id.',
      );
    }
  }
}
