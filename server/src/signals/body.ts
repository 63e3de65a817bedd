import { isUtf8 } from 'node:buffer';
import type { Static, TSchema } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { ApiError } from '../http/api-error.ts';
import { depthOf, MAX_JSON_DEPTH } from '../http/json-body.ts';
import type { Message } from './adapter.ts';

/** The message is authentic, and nothing can be made of it. */
export function malformed(message: string): ApiError {
  return new ApiError('signal_malformed', message);
}

/**
 * Reads a body as JSON. Fields that the schema does not name are left alone: vendors add some.
 * @throws {ApiError} `signal_malformed`
 */
export function readJson<T extends TSchema>(message: Message, schema: T): Static<T> {
  return checkShape(schema, parseJson(readText(message)));
}

/** @param place where in the message the value stands, for the error */
export function checkShape<T extends TSchema>(schema: T, value: unknown, place = ''): Static<T> {
  if (Value.Check(schema, value)) return value;
  const first = Value.Errors(schema, value).First();
  const path = `${place}${first?.path ?? ''}` || 'the body';
  throw malformed(`The message has not the form that this source's vendor sends: ${path}: ${first?.message}.`);
}

export function parseJson(text: string): unknown {
  if (depthOf(text) > MAX_JSON_DEPTH) throw malformed(`The JSON is nested more than ${MAX_JSON_DEPTH} levels deep.`);
  // What is stored must not hold it, and nothing of worth does.
  if (/\\u0000/.test(text)) throw malformed('A text holds the character NUL (\\u0000). Remove it.');
  try {
    return JSON.parse(text, keepLongNumbers);
  } catch (error) {
    throw malformed(
      `The body is no valid JSON, or was cut off: ${(error as Error).message}. Look at the template in the vendor.`,
    );
  }
}

/** Integers that no number holds exactly, as Opsgenie's times in nanoseconds are, stay text. */
function keepLongNumbers(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const isLong = typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value);
  return isLong && context?.source !== undefined ? context.source : value;
}

/** Bytes as text: UTF-8, with or without a byte order mark. */
export function readText({ raw, headers }: Message): string {
  const encoding = headers['content-encoding'];
  if ((encoding !== undefined && encoding !== 'identity') || raw.subarray(0, 2).equals(GZIP)) {
    throw malformed('The body is compressed. Turn compression off in the sender: what is signed is read as it came.');
  }
  if (raw.length === 0) throw malformed('The body is empty.');
  const [first, second] = raw;
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (isUtf16 || !isUtf8(raw)) throw malformed('The body is not UTF-8. Send it in that encoding.');
  const text = raw.toString('utf8');
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

const GZIP = Buffer.from([0x1f, 0x8b]);

/**
 * A moment as ISO 8601 in ms since 1970.
 * @param place for the error
 */
export function readTime(text: string, place: string): number {
  // As AWS writes it: without the colon, which Date.parse wants.
  const timeMs = Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  if (Number.isNaN(timeMs)) throw malformed(`${place} is no time in ISO 8601: ${JSON.stringify(text.slice(0, 50))}.`);
  return timeMs;
}

/** What is said, without what is not: labels are text, and empty ones say nothing. */
export function toLabels(facts: Readonly<Record<string, string | number | null | undefined>>): Record<string, string> {
  const said = Object.entries(facts).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return Object.fromEntries(said.map(([name, value]) => [name, String(value)]));
}

/** Tags such as `service:checkout`; those without a colon count as present: `tag` = `true`. */
export function tagsToLabels(tags: readonly string[]): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const tag of tags) {
    const [name, ...rest] = tag.trim().split(':');
    if (name) labels[name] = rest.length === 0 ? 'true' : rest.join(':');
  }
  return labels;
}
