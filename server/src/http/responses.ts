import { type TSchema, Type } from '@sinclair/typebox';
import { ErrorBody } from './error-schema.ts';
import { refTo } from './ref.ts';

const DESCRIPTIONS = {
  400: 'The request is not valid; details say where',
  401: 'Nobody is signed in, or the key is not valid',
  403: 'Not allowed',
  404: 'There is no such thing',
  409: 'The change contradicts what is there',
  412: 'Someone changed it since the version in If-Match',
  422: 'The Idempotency-Key came with another request before',
  429: 'Too many requests; Retry-After says when to try again',
  503: 'The database cannot be used at the moment, or the server is shutting down',
} as const;
/** To who sends the ETag of what is there (If-None-Match). */
export const UNCHANGED = Type.Null({ description: 'Unchanged' });

type ErrorStatus = keyof typeof DESCRIPTIONS;

/** A route's documented answers: the good ones, and the errors that it may answer with. */
export function responses<const T extends Readonly<Record<number, TSchema>>>(good: T, ...errors: ErrorStatus[]) {
  const documented: Record<number, TSchema> = { ...good };
  for (const status of new Set<ErrorStatus>([400, ...errors, 429, 503])) {
    documented[status] = { ...refTo(ErrorBody), description: DESCRIPTIONS[status] };
  }
  return documented as T;
}
