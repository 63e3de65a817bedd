import type { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { ApiError, validationFailed } from '../http/api-error.ts';
import { compileValidator } from '../http/validate.ts';
import { SubjectKey } from './schemas.ts';

/** How a file of keys is written: a key a line, or a JSON string a line. */
export type KeysFormat = 'text/plain' | 'application/x-ndjson';

/** The most bytes of a file of keys: a million of 64 characters and more. */
export const MAX_KEYS_BYTES = 64 * 1024 * 1024;

const MAX_LINE = 8_000;

const subjectKey = compileValidator<string>(SubjectKey);

/**
 * Reads keys as they come, a line at a time; empty lines are nothing. Whatever happens, the body is read to its end, so
 * that the answer reaches the client.
 * @throws {ApiError} naming the line, when one is no key
 */
export async function readKeys(
  body: Readable,
  format: KeysFormat,
  take: (key: string) => void,
  onChunk: () => void = () => {},
): Promise<void> {
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    const decode = (chunk?: Buffer) => {
      try {
        return decoder.decode(chunk, { stream: chunk !== undefined });
      } catch {
        throw refused(line, 'or one soon after it is not UTF-8; convert the file');
      }
    };
    const toKey = format === 'text/plain' ? (line: string) => line : parseLine;
    let line = 1;
    let rest = '';
    let bytes = 0;
    const takeLines = (lines: readonly string[]) => {
      for (const text of lines) {
        if (text !== '' && text !== '\r') take(checkKey(toKey(text.endsWith('\r') ? text.slice(0, -1) : text), line));
        line += 1;
      }
    };
    // The default would end the connection, and with it the answer, as soon as a line is refused.
    for await (const chunk of body.iterator({ destroyOnReturn: false })) {
      bytes += (chunk as Buffer).length;
      if (bytes > MAX_KEYS_BYTES) throw tooLarge();
      const lines = (rest + decode(chunk as Buffer)).split('\n');
      rest = lines.pop() ?? '';
      takeLines(lines);
      onChunk();
      if (rest.length > MAX_LINE) checkKey(rest, line);
      // A fast client's chunks are all there already, and would be read in one go.
      await setImmediate();
    }
    takeLines([rest + decode()]);
  } catch (error) {
    body.resume();
    if (body.errored === null) throw error;
    throw new ApiError('bad_request', 'The body broke off before its end, and nothing was changed. Send it again.');
  }
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function checkKey(key: unknown, line: number): string {
  if (subjectKey.is(key)) return key;
  const [problem] = subjectKey.problems(key);
  const message =
    key === undefined ? 'is not JSON; with application/x-ndjson each line is a JSON string' : problem?.message;
  throw refused(line, message ?? 'is no key');
}

function refused(line: number, message: string): ApiError {
  return validationFailed([{ path: `line ${line}`, message }]);
}

function tooLarge(): ApiError {
  return new ApiError(
    'payload_too_large',
    `The body is too large: at most ${MAX_KEYS_BYTES} bytes of keys are accepted.`,
  );
}
