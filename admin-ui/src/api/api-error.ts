import { t } from '@lingui/core/macro';
import * as z from 'zod/mini';

/** What the server says when it refuses: always this shape. */
const refusal = z.object({
  code: z.string(),
  message: z.string(),
  details: z.optional(z.unknown()),
  requestId: z.optional(z.string()),
});

const validationDetails = z.array(z.object({ path: z.string(), message: z.string() }));

/** A call that did not work. `message` is for the person at the screen: the server's own words, where it has any. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /** The server's word for the reason, or `unreachable` or `unexpected_answer`. */
  readonly code: string;
  readonly details: unknown;
  /** Finds the request in the server's log. */
  readonly requestId: string | undefined;

  constructor(status: number, code: string, message: string, details?: unknown, requestId?: string) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
    this.requestId = requestId;
  }
}

/** The error in an answer that is not 2xx. `body` is whatever the answer held. */
export function errorOfAnswer(status: number, body: unknown): ApiError {
  const parsed = refusal.safeParse(body);
  if (parsed.success) {
    const { code, message, details, requestId } = parsed.data;
    return new ApiError(status, code, message, details, requestId);
  }
  return new ApiError(
    status,
    'unexpected_answer',
    t`The server answered with status ${status} and no explanation. Is something between it and this page?`,
  );
}

/** The error when no answer came at all. */
export function errorOfSilence(): ApiError {
  return new ApiError(
    0,
    'unreachable',
    t`The server does not answer. Check that it runs and that you are online, then try again.`,
  );
}

/** Any thrown value as an ApiError, so that pages have one kind to show. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new ApiError(0, 'unexpected', t`This page failed: ${message}. Reload it; if it fails again, report it.`);
}

/** Why something failed, where only plain text fits. What the server did not foresee comes with the request its log knows. */
export function sayFailure(error: unknown): string {
  const { message, status, requestId } = asApiError(error);
  return status >= 500 && requestId !== undefined ? t`${message} (request ${requestId})` : message;
}

/** Nobody is signed in, or the session has ended. */
export function isUnauthenticated(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401 && error.code !== 'wrong_credentials';
}

/** Nothing came from the server itself: silence, or words of something in front of it that does not reach it. */
export function isOutOfReach(error: ApiError): boolean {
  return error.code === 'unreachable' || (error.code === 'unexpected_answer' && error.status >= 502);
}

/** No answer came: what was asked for may have been done all the same. */
export function isUnanswered(error: unknown): boolean {
  return error instanceof ApiError && error.status === 0 && error.code === 'unreachable';
}

/**
 * What is wrong with each field, by its place (`email`, `variants[0].value`); the empty place is the whole form. A
 * refusal without such details is about the whole form.
 */
export function fieldErrors(error: ApiError): Readonly<Record<string, string>> {
  const details = validationDetails.safeParse(error.details);
  if (!details.success || details.data.length === 0) return { '': sayFailure(error) };
  const errors: Record<string, string> = {};
  for (const { path, message } of details.data) errors[path] ??= message;
  return errors;
}
