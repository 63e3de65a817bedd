import type { ClientMessage } from '@bunting/core';
import { expect, test } from 'vitest';
import { revision } from '../test/documents.ts';
import { type HttpCall, HttpError } from './http-client.ts';
import { Reporter } from './reporter.ts';
import type { Fault } from './transport.ts';

const RECEIPT: ClientMessage = { type: 'receipt', revision: revision(1), broken: { count: 0, keys: [] } };
const COUNTS: ClientMessage = {
  type: 'telemetry',
  exposures: [{ flag: 'a', variant: 'on', reason: 'STATIC', count: 1 }],
};
const SAMPLES: ClientMessage = { type: 'contexts', attributes: [], samples: [] };
/** The server knows its number again. */
const WINDOW: ClientMessage = { type: 'measurements', seq: 1, startMs: 0, durationMs: 1_000, paths: [] };

const HELLO = {
  type: 'hello',
  protocol: 1,
  key: 'k',
  sdk: { name: 's', version: '1' },
  instance: { id: 'i' },
} as const;

/** Reports everything once, which ends in `cause`; then that it ends. What the second report says. */
async function repeatAfter(cause: unknown): Promise<string[]> {
  const reports: string[][] = [];
  const call = async ({ body = '' }: HttpCall) => {
    const { messages } = JSON.parse(body) as { messages: readonly ClientMessage[] };
    reports.push(messages.map(({ type }) => type));
    if (reports.length === 1) throw cause;
    return { status: 200, headers: {}, text: '{}' };
  };
  const reporter = new Reporter({ call }, { ...HELLO, have: null }, 15_000, () => {});
  for (const message of [RECEIPT, COUNTS, SAMPLES, WINDOW]) reporter.send(message);
  await expect.poll(() => reports.length).toBe(1);
  expect(reports[0]).toHaveLength(4);
  await reporter.finish();
  return reports[1] ?? [];
}

const lost = (fault: Fault) => new HttpError({ closeCode: 0, fault, detail: 'for the test' });

test('a report that never left goes whole with the next one', async () => {
  expect(await repeatAfter(lost('unreachable'))).toEqual(['receipt', 'telemetry', 'contexts', 'measurements']);
});

test('counts that may have arrived are not counted twice; what the server knows again is repeated', async () => {
  expect(await repeatAfter(lost('broken'))).toEqual(['receipt', 'measurements']);
  expect(await repeatAfter(new SyntaxError('the page of a proxy'))).toEqual(['receipt', 'measurements']);
});

test('what was refused is not said again', async () => {
  expect(await repeatAfter(lost('denied'))).toEqual([]);
});
