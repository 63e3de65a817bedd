import type { ApiDocument, Operation } from './document.ts';
import type { FuzzRequest } from './requests.ts';
import type { FuzzAnswer } from './send.ts';

/** No request takes longer, in milliseconds. */
const MAX_MS = 5_000;
/** But for those that ask others, such as an identity provider: they wait for them so long. */
const MAX_OUTWARD_MS = 12_000;
const OUTWARD = /\/(sign-in|identity-providers|data-sources|webhooks|traffic-targets|gates|releases|migration-plans)\b/;

export function isTooSlow({ path }: Operation, tookMs: number): boolean {
  return tookMs > (OUTWARD.test(path) ? MAX_OUTWARD_MS : MAX_MS);
}

/** What the document says of all operations at once. */
const OF_ALL = new Set([408, 413, 415, 417, 431]);

/** What code 503 is for. */
const REASONS = new Set([
  'checkpoint_unsent',
  'store_unavailable',
  'shutting_down',
  'not_ready',
  'signal_unkept',
  'certificate_unavailable',
  'vault_locked',
]);

/** What an answer never shows: where our code or its libraries are, what the database said. */
const INSIDES =
  /\bat [\w.<>]+ \(?(file|node):|node_modules|SQLITE_|\/dist\/|syntax error at or near|TypeError|RangeError/;

export interface Judged {
  readonly request: FuzzRequest;
  readonly answer: FuzzAnswer;
  readonly mark: string;
}

/** What is wrong with an answer; undefined: nothing. */
export function judge(document: ApiDocument, { request, answer, mark }: Judged): string | undefined {
  const { status, headers, text, tookMs } = answer;
  const { operation } = request;
  if (isTooSlow(operation, tookMs)) return `took ${Math.round(tookMs)} ms`;
  if (!request.caller.maySeeMarks && text.includes(mark)) return `shows the other project's ${around(text, mark)}`;
  const leaked = text.match(INSIDES);
  if (leaked && status >= 400) return `shows the server's insides: ${around(text, leaked[0])}`;
  const isJson = /^application\/(scim\+)?json/.test(headers['content-type'] ?? '');
  const body = isJson && text !== '' ? parse(text) : undefined;
  if (isJson && text !== '' && body === undefined) return 'is not the JSON that it says it is';
  if (status >= 500) {
    const code = (body as { code?: string } | undefined)?.code ?? '';
    if (status !== 503 || !REASONS.has(code)) return `answered ${status}`;
  }
  if (request.method === 'HEAD' || status === 304) return undefined;
  // An address that was played with may be another operation's, or none's.
  const isTheOperation = isOf(request);
  if (status >= 400) {
    const problem = problemOfError(request, answer, body);
    if (problem !== undefined) return problem;
  }
  if (!isTheOperation || isUnroutable(body)) return undefined;
  const described = operation.responses[status];
  if (described === undefined) return OF_ALL.has(status) ? undefined : `answered ${status}, which is not documented`;
  const schema = Object.values(described.content ?? {})[0]?.schema;
  if (schema === undefined || !isJson) return undefined;
  const problem = document.problemOf(schema, body);
  return problem === undefined ? undefined : `answered ${status} against its schema: ${problem}`;
}

/** The address could not be decoded: no operation has it. */
function isUnroutable(body: unknown): boolean {
  const { message } = (body ?? {}) as { message?: unknown };
  return typeof message === 'string' && message.startsWith('The address cannot be used');
}

function isOf({ operation, method, target, headers }: FuzzRequest): boolean {
  if ('upgrade' in headers) return false;
  const pattern = operation.path.replace(/\{\w+\}/g, '[^/?]+');
  return method === operation.method && new RegExp(`^${pattern}(\\?.*)?$`).test(target);
}

function problemOfError({ operation }: FuzzRequest, { headers, text }: FuzzAnswer, body: unknown): string | undefined {
  if (text === '') return 'is an error without a body';
  const { code, message, requestId, errorCode, schemas, detail } = (body ?? {}) as Record<string, unknown>;
  if (operation.path.startsWith('/ofrep/') && typeof errorCode === 'string') return undefined;
  if (Array.isArray(schemas)) return typeof detail === 'string' ? undefined : 'is a SCIM error without detail';
  if (typeof code !== 'string' || !/^[a-z_]+$/.test(code)) return 'is an error without a code';
  if (typeof message !== 'string' || !/\w+ \w+/.test(message))
    return `is an error that says nothing: ${text.slice(0, 200)}`;
  if (requestId !== headers['x-request-id']) return 'is an error without its request id';
  if (headers['content-type'] !== 'application/json; charset=utf-8') return 'is an error of another content type';
  return undefined;
}

function around(text: string, word: string): string {
  const at = text.indexOf(word);
  return JSON.stringify(text.slice(Math.max(0, at - 80), at + word.length + 40));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
