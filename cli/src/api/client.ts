import createClient, { type Client } from 'openapi-fetch';
import { CommandError, EXIT } from '../exit-code.ts';
import type { Settings } from '../settings.ts';
import type { components, paths } from './schema.gen.ts';

export type Api = Client<paths>;
export type Schemas = components['schemas'];

/** How long one request may take, in milliseconds. */
const TIMEOUT_MS = 30_000;

/** The server's HTTP API, typed by its own OpenAPI document. */
export function openApi({ url, token }: Settings): Api {
  return createClient<paths>({
    baseUrl: url,
    headers: { authorization: `Bearer ${token}` },
    fetch: (request) => fetch(request, { signal: AbortSignal.timeout(TIMEOUT_MS) }),
  });
}

interface Answer<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

/** The server was not reached, or cannot answer at the moment. Later may be better. */
export class Unreachable extends CommandError {
  constructor(message: string) {
    super(message, EXIT.unreachable);
  }
}

/**
 * The body of a 2xx answer.
 * @throws {Unreachable}
 * @throws {CommandError} with the server's words when it refuses
 */
export async function unwrap<Data>(call: Promise<Answer<Data>>): Promise<NonNullable<Data>> {
  let answer: Answer<Data>;
  try {
    answer = await call;
  } catch (error) {
    throw new Unreachable(`The server does not answer: ${reasonOf(error)}`);
  }
  const { response } = answer;
  if (response.ok) return answer.data as NonNullable<Data>;
  const message = messageOf(answer.error) ?? `The server answered ${response.status}. Is this the address of Bunting?`;
  if (response.status >= 500 || response.status === 429) throw new Unreachable(message);
  throw new CommandError(message);
}

function messageOf(body: unknown): string | undefined {
  const { message, requestId, details } = (typeof body === 'object' && body !== null ? body : {}) as Record<
    string,
    unknown
  >;
  if (typeof message !== 'string') return undefined;
  const problems = (Array.isArray(details) ? details : [])
    .filter(isProblem)
    .map(({ path, message }) => `  ${path}: ${message}`);
  // One alone is in the message already.
  return [`${message} (request ${requestId})`, ...(problems.length > 1 ? problems : [])].join('\n');
}

function isProblem(detail: unknown): detail is { readonly path: string; readonly message: string } {
  return typeof detail === 'object' && detail !== null && 'path' in detail && 'message' in detail;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message;
}
