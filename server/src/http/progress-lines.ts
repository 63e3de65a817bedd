import { PassThrough } from 'node:stream';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from './api-error.ts';
import { errorBody, toApiError } from './handle-errors.ts';

/** Between two lines of the same phase, at least. */
const PACE_MS = 100;

export function wantsLines({ headers }: FastifyRequest): boolean {
  return headers.accept?.split(',').some((type) => type.split(';', 1)[0]?.trim() === 'application/x-ndjson') ?? false;
}

/**
 * Answers by a JSON document a line: what `work` tells while it runs, then `{"done": ...}` or `{"error": ...}`. What is
 * refused before it tells anything is answered as ever, with its own status.
 */
export async function sendProgress<P extends { readonly phase: string }, T>(
  request: FastifyRequest,
  reply: FastifyReply,
  work: (tell: (progress: P) => void) => Promise<T>,
): Promise<FastifyReply> {
  const lines = new PassThrough();
  const write = (document: object) => lines.write(`${JSON.stringify(document)}\n`);
  let [phase, toldMs] = ['', 0];
  let begin = () => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const result = work((progress) => {
    begin();
    if (progress.phase === phase && performance.now() - toldMs < PACE_MS) return;
    [phase, toldMs] = [progress.phase, performance.now()];
    write(progress);
  });
  await Promise.race([begun, result]);
  result
    .then(
      (done) => write({ done }),
      (thrown: FastifyError) => {
        const error = toApiError(thrown, request.routeOptions.bodyLimit);
        if (error.status >= 500) request.log.error({ err: thrown }, 'request failed');
        write({ error: errorBody(error, request.id) });
      },
    )
    .finally(() => lines.end());
  return reply
    .type('application/x-ndjson; charset=utf-8')
    .headers({ 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
    .send(lines);
}

/** Aborts when the client goes away before it has its answer. */
export function abandonmentOf(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => {
    if (reply.raw.writableFinished) return;
    controller.abort(new ApiError('bad_request', 'The client went away before the end, and nothing was changed.'));
  });
  return controller.signal;
}
