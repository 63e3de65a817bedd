import type { PathCount } from '@bunting/core';
import { expect } from 'vitest';
import { startApp } from '../testing/start-app.ts';

export const ENVIRONMENT = '/projects/default/environments/production';
export const SAFEGUARDS = `${ENVIRONMENT}/safeguards`;
export const RELATIVE = { kind: 'relative_risk', alpha: 0.01, tolerance: 1 };
export const CRASH = { kind: 'crash', alpha: 0.001, atMost: 0.05 };
/** Of `checkout`: who fails more often than the variant beside it is killed. */
export const WORSE = {
  ...{ name: 'Worse', watch: { flag: 'checkout' }, metric: { kind: 'errors' }, test: RELATIVE, action: 'kill' },
};

/** A server on which `checkout` is a split by half. */
export async function start() {
  const server = await startApp();
  const { app, call } = server;
  await call('POST', '/projects/default/flags', { key: 'checkout', type: 'boolean', tags: ['shop'] });
  const half = {
    split: {
      weights: [
        { variant: 'on', weightPer100k: 50_000 },
        { variant: 'off', weightPer100k: 50_000 },
      ],
    },
  };
  const serve = (defaultRule: object) =>
    call('PATCH', '/projects/default/flags/checkout/environments/production', { enabled: true, defaultRule });
  expect((await serve(half)).status).toBe(200);
  const ruleset = app.bunting.rulesets.named('default', 'production');
  if (ruleset === undefined) throw new Error('there is no production');
  let seq = 0;
  /** What one instance measured, then a look at it. */
  const measure = async (...paths: Partial<PathCount>[]) => {
    app.bunting.measurements.record(
      ruleset,
      { instance: 'i' },
      {
        ...{ seq: ++seq, startMs: Date.now(), durationMs: 1_000 },
        paths: paths.map((path) => ({
          ...{ flag: 'checkout', variant: 'on', reason: 'SPLIT', path: 'run', count: 100, errors: 0 },
          ...path,
        })),
      },
    );
    await app.bunting.guards.watch.look();
  };
  const killed = async () => (await call('GET', `${ENVIRONMENT}/kills`)).body.items;
  const verdicts = async () => (await call('GET', `${ENVIRONMENT}/verdicts`)).body.items;
  return { ...server, ruleset, measure, serve, killed, verdicts };
}

/** Of the other variant. */
export const off = { variant: 'off' };
