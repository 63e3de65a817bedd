import type { Evaluation, EvaluationContext, Json } from '@bunting/core';
import { HttpResponse, http } from 'msw';
import type { MemoryFlags } from '../test-flags.ts';
import { keyKindOf, refusalOf } from './caller.ts';
import { etagged } from './etagged.ts';
import { readJson } from './read-json.ts';

const PATH = '/ofrep/v1/evaluate/flags';

/** OFREP: one flag, and all of them. There is no event stream: providers poll. */
export function ofrepHandlers(flags: MemoryFlags, url: string) {
  const isServed = (key: string, request: Request) =>
    flags.ruleset.has(key) && (keyKindOf(request) === 'server' || flags.ruleset.isClientVisible(key));
  return [
    http.post(`${url}${PATH}/:key`, async ({ request, params }) => {
      const key = String(params.key);
      const body = await readBody(request);
      if (body === undefined) return unreadable(key);
      const refusal = refusalOf(request);
      if (refusal) return refusal;
      if (!isServed(key, request)) {
        const errorDetails = `There is no flag "${key}".`;
        return HttpResponse.json({ key, errorCode: 'FLAG_NOT_FOUND', errorDetails }, { status: 404 });
      }
      const evaluation = flags.ruleset.evaluate(key, body.context);
      const { value, variant, errorCode } = evaluation;
      flags.record({ key, value: value as Json, variant, context: body.context });
      return HttpResponse.json(answerOf(key, evaluation), { status: errorCode === undefined ? 200 : 400 });
    }),
    http.post(`${url}${PATH}`, async ({ request }) => {
      const body = await readBody(request);
      if (body === undefined) return unreadable();
      const refusal = refusalOf(request);
      if (refusal) return refusal;
      const keys = [...flags.ruleset.keys()].filter((key) => isServed(key, request)).sort();
      const answers = keys.map((key) => answerOf(key, flags.ruleset.evaluate(key, body.context)));
      return etagged(request, { flags: answers }, answers);
    }),
  ];
}

function answerOf(key: string, { value, reason, variant, metadata, errorCode, errorMessage }: Evaluation) {
  if (errorCode !== undefined) return { key, errorCode, errorDetails: errorMessage };
  return { key, value, reason, variant, metadata };
}

/** Undefined when there is none that can be read. What the context may be is for the evaluator to say. */
async function readBody(request: Request): Promise<{ readonly context: EvaluationContext } | undefined> {
  const body = await readJson(request);
  if (typeof body !== 'object' || body === null) return undefined;
  const { context = {} } = body as { readonly context?: EvaluationContext };
  return { context };
}

function unreadable(key?: string): HttpResponse<object> {
  const errorDetails = 'The body is not valid JSON.';
  return HttpResponse.json({ key, errorCode: 'PARSE_ERROR', errorDetails }, { status: 400 });
}
