import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished } from 'vitest';
import { startApp } from '../testing/start-app.ts';
import type { Gate, GateFacts, GateSubject } from './gate.ts';
import type { Gates } from './gates.ts';

export const T0 = Date.parse('2026-05-04T00:00:00Z');

/** A server with a release whose gates can be judged, and a clock that goes as it is told. */
export async function start(config = {}) {
  const clock = { nowMs: T0 };
  const server = await startApp({ now: () => clock.nowMs, config: { egressAllow: ['127.0.0.1'], ...config } });
  const { app, call } = server;
  await call('POST', '/projects/default/flags', { key: 'checkout', type: 'boolean' });
  const split = [
    { variant: 'on', weightPer100k: 50_000 },
    { variant: 'off', weightPer100k: 50_000 },
  ];
  const targeting = { enabled: true, defaultRule: { split: { weights: split } } };
  expect(await call('PATCH', '/projects/default/flags/checkout/environments/production', targeting)).toMatchObject({
    status: 200,
  });
  const { body: release } = await call('POST', '/projects/default/releases', {
    ...{ title: 'New checkout', environment: 'production', strategy: 'flag_only' },
    flags: [{ flag: 'checkout', candidate: 'on', baseline: 'off' }],
  });
  const { database, judging, rulesets } = app.bunting;
  const subjectOf = (...gates: Gate[]): GateSubject => ({
    ...{ releaseId: release.id, project: 'default', environment: 'production', attempt: 1, stage: 0 },
    environmentId: rulesets.named('default', 'production')?.environmentId ?? '',
    ...{ enteredAtMs: T0, flags: [{ flag: 'checkout', candidate: 'on', baseline: 'off' }], gates },
  });
  /** Judges at the present moment, or later, and again when what that began is kept. */
  const judge = async (subject: GateSubject, passMs = 0, by: Pick<Gates, 'judge' | 'settle'> = judging.gates) => {
    clock.nowMs += passMs;
    await by.judge(subject);
    await by.settle();
    return by.judge(subject);
  };
  const ruleset = rulesets.named('default', 'production');
  let seq = 0;
  /** What an SDK measured of the flag at the present moment. */
  const run = (variant: string, count: number, errors: number) => {
    if (ruleset === undefined) throw new Error('there is no such environment');
    const path = { flag: 'checkout', variant, reason: 'SPLIT' as const, path: 'run' as const, count, errors };
    const window = { seq: seq++, startMs: clock.nowMs, durationMs: 1_000, paths: [path] };
    app.bunting.measurements.record(ruleset, { instance: 'a' }, window as never);
  };
  return { ...server, run, clock, release, subjectOf, judge, database };
}

export async function serve(answer: (request: IncomingMessage, response: ServerResponse, body: string) => void) {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    answer(request, response, body);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export function only([facts]: readonly GateFacts[]): GateFacts {
  if (facts === undefined) throw new Error('no gate was judged');
  return facts;
}
