import createClient from 'openapi-fetch';
import { baseUrl } from '../base.ts';
import { errorOfAnswer, errorOfSilence } from './api-error.ts';
import type { paths } from './schema.gen.ts';

/** The server's HTTP API. Typed by its own OpenAPI document; the session cookie goes along by itself. */
export const api = createClient<paths>({
  baseUrl,
  // Looked up at each call, so that whoever replaces the global fetch (a test's handlers) is heard.
  fetch: (request) => globalThis.fetch(request),
});

interface Answer<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

/** The body of a 2xx answer; everything else throws an ApiError. A call that was aborted stays an AbortError. */
export async function unwrap<Data>(call: Promise<Answer<Data>>): Promise<NonNullable<Data>> {
  let answer: Answer<Data>;
  try {
    answer = await call;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw errorOfSilence();
  }
  if (!answer.response.ok) throw errorOfAnswer(answer.response.status, answer.error);
  return answer.data as NonNullable<Data>;
}

/** For calls whose answer has no body (204). */
export async function unwrapNothing(call: Promise<Answer<unknown>>): Promise<void> {
  await unwrap(call);
}
