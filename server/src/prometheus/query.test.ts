import { describe, expect, it, test } from 'vitest';
import { readAddressPolicy } from '../egress/address-policy.ts';
import { readCounts } from './counts.ts';
import { startPrometheus, vector } from './prometheus-server.test.fixture.ts';
import { ask } from './query.ts';

const LOOPBACK = readAddressPolicy(['127.0.0.1']);
const QUESTION = { query: 'sum(up)', atMs: 1_780_000_000_500, timeoutMs: 1_000 };

async function answerTo(status: number, body: string) {
  const { url } = await startPrometheus((_, response) => response.writeHead(status).end(body));
  return ask(LOOPBACK, { url, headers: {} }, QUESTION);
}

describe('a query', () => {
  it('is asked at its moment, with what lets in, and gives a number', async () => {
    const { url, asked } = await startPrometheus((_, response) => response.end(vector('1.5e+02')));
    const answer = await ask(LOOPBACK, { url: `${url}/prom/`, headers: { authorization: 'Bearer t' } }, QUESTION);
    expect(answer).toEqual({ kind: 'number', value: 150 });
    expect(asked).toEqual([
      { path: '/prom/api/v1/query', authorization: 'Bearer t', query: 'sum(up)', time: 1_780_000_000.5 },
    ]);
  });

  it('may give a scalar, and what newer ones add is let be', async () => {
    const scalar = { status: 'success', data: { resultType: 'scalar', result: [1, '0'] }, infos: ['new'], more: 1 };
    expect(await answerTo(200, JSON.stringify(scalar))).toEqual({ kind: 'number', value: 0 });
  });

  it.each(['NaN', '+Inf', '-Inf', ''])('has no data where the value is %s', async (value) => {
    expect(await answerTo(200, vector(value))).toEqual({ kind: 'no_data', reason: `the value is ${value}` });
  });

  it('has no data where no series match, and says how to mean none', async () => {
    expect(await answerTo(200, vector())).toMatchObject({
      kind: 'no_data',
      reason: expect.stringContaining('vector(0)'),
    });
  });

  it('has no data where a part of the stores did not answer', async () => {
    const partial = { ...JSON.parse(vector(1)), warnings: ['store 2 timed out'] };
    const answer = await answerTo(200, JSON.stringify(partial));
    expect(answer).toEqual({ kind: 'no_data', reason: 'the answer is not complete: store 2 timed out' });
  });

  test.each([
    [200, vector(1, 2), /gave 2 series: aggregate/],
    [400, '{"status":"error","errorType":"bad_data","error":"parse error: unexpected end"}', /400: parse error/],
    [503, '{"status":"error","errorType":"timeout","error":"query timed out"}', /503: query timed out/],
    [401, 'Unauthorized', /401, and no JSON/],
    [302, '', /302, and no JSON/],
    [200, '<html>login</html>', /no JSON/],
    [200, '{"status":"success"', /no JSON/],
    [200, '{"status":"success","data":{"resultType":"matrix","result":[]}}', /neither a vector nor a scalar/],
    [500, vector(1), /500, and neither/],
    [200, vector(...new Array<number>(3_000).fill(1)), /too large/],
  ])('is an error, not a number: %s %s', async (status, body, reason) => {
    expect(await answerTo(status, body)).toEqual({ kind: 'error', reason: expect.stringMatching(reason) });
  });

  it('is an error where nobody answers in time, at all, or may be asked', async () => {
    const { url } = await startPrometheus(() => {});
    expect(await ask(LOOPBACK, { url, headers: {} }, { ...QUESTION, timeoutMs: 100 })).toEqual({
      ...{ kind: 'error', reason: 'no answer within 100 ms' },
    });
    expect(await ask(LOOPBACK, { url: 'http://127.0.0.1:1', headers: {} }, QUESTION)).toMatchObject({ kind: 'error' });
    const nobody = readAddressPolicy([]);
    expect(await ask(nobody, { url: 'http://10.0.0.1', headers: {} }, QUESTION)).toMatchObject({ kind: 'error' });
  });
});

describe('the counts of a step', () => {
  const arm = (name: string) => ({ total: `total_${name}[$step]`, bad: `bad_${name}[$step]` });
  const QUERIES = { candidate: arm('new'), baseline: arm('old'), stepMs: 30_000 };

  /** Answers each query by its first word. */
  async function read(numbers: Readonly<Record<string, number | string>>, queries: typeof QUERIES = QUERIES) {
    const { url, asked } = await startPrometheus(({ query }, response) => {
      const number = numbers[query.replace('[30s]', '')];
      response.end(number === undefined ? vector() : vector(number));
    });
    return { asked, reading: await readCounts(LOOPBACK, { url, headers: {} }, queries, 1_780_000_020_000) };
  }

  it('are those of both arms at one moment', async () => {
    const { reading, asked } = await read({ total_new: 99.5, bad_new: 2.2, total_old: 1_900, bad_old: 0 });
    expect(reading).toEqual({
      kind: 'counts',
      step: { fromMs: 1_779_999_990_000, toMs: 1_780_000_020_000, candidate: [99.5, 2.2], baseline: [1_900, 0] },
    });
    expect(new Set(asked.map(({ time }) => time))).toEqual(new Set([1_780_000_020]));
  });

  it('bear what extrapolation adds, and no more', async () => {
    const { reading } = await read({ total_new: 100, bad_new: 103, total_old: 1, bad_old: 0 });
    expect(reading).toMatchObject({ step: { candidate: [100, 100] } });
    const { reading: wrong } = await read({ total_new: 100, bad_new: 130, total_old: 1, bad_old: 0 });
    expect(wrong).toMatchObject({ kind: 'no_data', reason: expect.stringContaining('candidate.bad is more than') });
  });

  it('are none where one of the numbers is missing or cannot be', async () => {
    const { reading } = await read({ total_new: 100, total_old: 1, bad_old: 0 });
    expect(reading).toMatchObject({
      kind: 'no_data',
      reason: expect.stringMatching(/^candidate.bad: no series match/),
    });
    const { reading: nan } = await read({ total_new: 100, bad_new: 0, total_old: 'NaN', bad_old: 0 });
    expect(nan).toEqual({ kind: 'no_data', reason: 'baseline.total: the value is NaN' });
    const { reading: negative } = await read({ total_new: -1, bad_new: 0, total_old: 1, bad_old: 0 });
    expect(negative).toMatchObject({ kind: 'no_data', reason: expect.stringContaining('negative') });
  });
});
