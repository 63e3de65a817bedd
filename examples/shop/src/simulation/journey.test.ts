import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Answers, answeringFlags } from '../answering-flags.ts';
import { buildApp } from '../app.ts';
import { gatherCrowd, type SimulatedVisitor } from './crowd.ts';
import { type JourneyOptions, visitShop } from './journey.ts';

const answers: Answers = {};
const [visitor] = gatherCrowd(1) as [SimulatedVisitor];
let app: FastifyInstance;
let options: JourneyOptions;

beforeAll(async () => {
  app = await buildApp(answeringFlags(answers));
  const shopUrl = await app.listen({ port: 0, host: '127.0.0.1' });
  options = { shopUrl, signal: AbortSignal.timeout(60_000), pauseMs: 0, random: () => 0 };
});
afterAll(() => app.close());

test.each([
  [true, 'one-page'],
  [false, 'classic'],
])('whoever goes all the way has ordered (new checkout: %s)', async (onePage, checkout) => {
  answers.onePage = onePage;
  expect(await visitShop(visitor, options)).toEqual({ reached: 'order', checkout });
});

test('others leave on the way', async () => {
  expect(await visitShop(visitor, { ...options, random: () => 0.99 })).toEqual({ reached: 'list' });
});

test('a visit ends when it is told to, and when there is no shop', async () => {
  await expect(visitShop(visitor, { ...options, signal: AbortSignal.abort() })).rejects.toThrow();
  await expect(visitShop(visitor, { ...options, shopUrl: 'http://127.0.0.1:1' })).rejects.toThrow('fetch failed');
});
