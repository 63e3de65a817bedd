import { EgressRefused, send } from '../../egress/send.ts';
import type { GateOf } from '../gate.ts';
import type { Answer } from '../kinds/http.ts';
import type { Measurement, Span } from '../measurement.ts';
import { type Look, type Means, toData, toNothing } from './look.ts';
import { fillUrl } from './queries.ts';

const DEFAULT_TIMEOUT_MS = 5_000;
const MAX_ANSWER_BYTES = 64 * 1024;

/** Asks all addresses at once. Where this server may not ask, that is its own trouble, and no answer. */
export async function measureHttp(
  gate: GateOf<'http'>,
  look: Look,
  span: Span,
  { policy }: Means,
  signal: AbortSignal,
): Promise<Measurement> {
  try {
    const answers = await Promise.all(gate.urls.map((url) => ask(gate, fillUrl(url, look.subject), policy, signal)));
    return toData(span, answers);
  } catch (error) {
    if (!(error instanceof EgressRefused)) throw error;
    return toNothing(span, 'error', `An instance may not be asked: ${error.message}.`);
  }
}

/** @throws {EgressRefused} */
async function ask(gate: GateOf<'http'>, url: string, policy: Means['policy'], signal: AbortSignal): Promise<Answer> {
  const beganMs = performance.now();
  const answered = (reason: string): Answer => {
    return { url, isReady: reason === '', reason, ms: Math.round(performance.now() - beganMs) };
  };
  try {
    const { status, body } = await send(policy, {
      ...{ url, method: 'GET', headers: { 'user-agent': 'Bunting', accept: 'application/json' } },
      ...{ timeoutMs: gate.timeoutMs ?? DEFAULT_TIMEOUT_MS, maxAnswerBytes: MAX_ANSWER_BYTES, signal },
    });
    const isStatus = gate.status === undefined ? status >= 200 && status < 300 : status === gate.status;
    return answered(isStatus ? findContradiction(gate.says ?? [], body) : `answered ${status}`);
  } catch (error) {
    if (error instanceof EgressRefused) throw error;
    return answered(`did not answer (${(error as Error).message})`);
  }
}

/** What an answer does not say that it must; empty: it says all. */
function findContradiction(says: NonNullable<GateOf<'http'>['says']>, body: string): string {
  if (says.length === 0) return '';
  let document: unknown;
  try {
    document = JSON.parse(body);
  } catch {
    return 'answered no JSON';
  }
  for (const { path, equals } of says) {
    const found = path.split('.').reduce<unknown>(readField, document);
    if (found !== equals) return `says ${path} is ${JSON.stringify(found)?.slice(0, 200) ?? 'not there'}`;
  }
  return '';
}

function readField(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}
