import createClient from 'openapi-fetch';
import { baseUrl } from '../base.ts';
import { type ApiError, errorOfAnswer, errorOfSilence } from './api-error.ts';
import type { paths } from './schema.gen.ts';

/** The server's HTTP API. Typed by its own OpenAPI document; the session cookie goes along by itself. */
export const api = createClient<paths>({
  baseUrl,
  // Looked up at each call, so that whoever replaces the global fetch (a test's handlers) is heard.
  fetch: (request) => globalThis.fetch(request),
});

/** What came of a call: why it did not work; undefined: it did. */
type Hearer = (error: ApiError | undefined) => void;

let hear: Hearer = () => {};

/** Whoever is given hears what came of each call from now on, in place of who was given before. */
export function hearCalls(hearer: Hearer): void {
  hear = hearer;
}

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
    throw told(errorOfSilence());
  }
  if (!answer.response.ok) throw told(errorOfAnswer(answer.response.status, answer.error));
  hear(undefined);
  return answer.data as NonNullable<Data>;
}

/** The error of a call that did not work, once whoever hears calls has heard of it. */
export function told(error: ApiError): ApiError {
  hear(error);
  return error;
}

/** For calls whose answer has no body (204). */
export async function unwrapNothing(call: Promise<Answer<unknown>>): Promise<void> {
  await unwrap(call);
}
