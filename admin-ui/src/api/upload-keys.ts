import * as z from 'zod/mini';
import { baseUrl } from '../base.ts';
import { type ApiError, errorOfAnswer, errorOfSilence } from './api-error.ts';
import { told } from './client.ts';
import type { KeyList, SegmentPlace } from './segments.ts';

/** What the server is at with a file of keys; `of` is not known while it is read. */
const progress = z.object({
  phase: z.enum(['reading', 'comparing', 'storing', 'publishing']),
  keys: z.number(),
  of: z.optional(z.number()),
});
export type UploadProgress = z.infer<typeof progress>;

const outcome = z.object({ added: z.number(), removed: z.number(), received: z.number(), repeated: z.number() });
export type UploadOutcome = z.infer<typeof outcome>;

const line = z.union([progress, z.object({ done: outcome }), z.object({ error: z.unknown() })]);

interface UploadOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: UploadProgress) => void;
}

/**
 * Replaces all keys of a list by those of a file, a key a line. Whoever stops it before it is published has changed
 * nothing. @throws {ApiError}, or an AbortError when it was stopped
 */
export async function uploadKeys(
  { project, environment, segment }: SegmentPlace,
  list: KeyList,
  file: Blob,
  { signal, onProgress }: UploadOptions,
): Promise<UploadOutcome> {
  const [p, e, s] = [project, environment, segment].map(encodeURIComponent);
  const path = `/api/v1/projects/${p}/environments/${e}/segments/${s}/keys?list=${list}`;
  try {
    const answer = await fetch(baseUrl + path, {
      method: 'PUT',
      headers: { 'content-type': 'text/plain', accept: 'application/x-ndjson' },
      body: file,
      signal,
    });
    if (!answer.ok || !answer.body)
      throw told(errorOfAnswer(answer.status, await answer.json().catch(() => undefined)));
    for await (const text of linesOf(answer.body)) {
      const said = line.parse(JSON.parse(text));
      if ('done' in said) return said.done;
      if ('error' in said) throw errorOfAnswer(answer.status, said.error);
      onProgress(said);
    }
  } catch (error) {
    throw isOurs(error) ? error : errorOfSilence();
  }
  throw errorOfSilence();
}

function isOurs(error: unknown): error is ApiError | DOMException {
  return error instanceof Error && (error.name === 'ApiError' || error.name === 'AbortError');
}

async function* linesOf(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    const pieces = (rest + (value ?? '')).split('\n');
    rest = done ? '' : (pieces.pop() ?? '');
    for (const piece of pieces) if (piece !== '') yield piece;
    if (done) return;
  }
}
