import type { ClientMessage, MeasurementsMessage } from '@bunting/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changes, onFlag, snapshot } from './test/documents.ts';
import { startClient, startLive, startServer } from './test/live-client.ts';
import { ScriptedHttp, serve } from './test/scripted-http.ts';

const WELCOME = { type: 'welcome', takes: ['measurements'] } as const;
const sides = { off: () => 'old', on: () => 'new' };

function measurementsIn(messages: readonly ClientMessage[]): MeasurementsMessage[] {
  return messages.filter((message) => message.type === 'measurements');
}

describe('what is measured', () => {
  it('goes to a server that takes it, within about a second', async () => {
    const { flags, peer } = await startLive();
    peer.send(WELCOME);
    flags.run('a', { targetingKey: 'ann' }, sides);
    const { startMs, durationMs, paths, dropped } = await peer.receive('measurements');
    expect(paths).toMatchObject([{ flag: 'a', variant: 'on', reason: 'STATIC', path: 'run', count: 1, errors: 0 }]);
    expect(Math.abs(startMs - Date.now())).toBeLessThan(5000);
    expect([durationMs >= 1000, durationMs < 3000, dropped]).toEqual([true, true, undefined]);
  });

  it('is sent when the client closes', async () => {
    const { flags, peer } = await startLive();
    peer.send(WELCOME, changes(1, 2, [onFlag('b')]));
    await expect.poll(() => flags.revision?.number).toBe(2);
    flags.run('a', sides);
    await flags.close();
    await peer.closed;
    expect(measurementsIn(peer.said)).toMatchObject([{ paths: [{ flag: 'a', count: 1 }] }]);
  });

  it('never goes to a server that did not ask for it, also not after one that did', async () => {
    const { flags, peer, server } = await startLive();
    peer.send({ type: 'welcome', takes: ['something-else'] });
    flags.run('a', sides);
    peer.terminate();
    const taking = await server.next();
    taking.send(WELCOME, snapshot(1, [onFlag('a')]));
    expect((await taking.receive('measurements')).paths).toMatchObject([{ count: 1 }]);
    taking.terminate();
    const older = await server.next();
    older.send(snapshot(1, [onFlag('a')]));
    flags.run('a', sides);
    await flags.close();
    await older.closed;
    expect(measurementsIn([...peer.said, ...older.said])).toEqual([]);
  });

  it('is kept while the connection is away, and goes to the next one', async () => {
    const { flags, server, peer } = await startLive();
    peer.send(WELCOME);
    const { port } = server;
    await server.kill();
    flags.run('a', sides);
    const next = await startServer(port);
    const again = await next.next();
    again.send(WELCOME, snapshot(1, [onFlag('a')]));
    expect((await again.receive('measurements')).paths).toMatchObject([{ flag: 'a', count: 1 }]);
  });
});

describe.each(['sse', 'polling'] as const)('what is measured over %s', (transport) => {
  let server: ScriptedHttp;
  beforeEach(async () => {
    server = await ScriptedHttp.start();
    serve(server, snapshot(1, [onFlag('a')]));
  });
  afterEach(() => server.kill());

  it('goes with the reports, once their answer says that it is taken', async () => {
    server.takes = ['measurements'];
    const { flags } = startClient(server, { transports: [transport] });
    await flags.ready();
    await expect.poll(() => server.reports.length).toBe(1);
    flags.run('a', sides);
    await expect.poll(() => measurementsIn(server.said)).toMatchObject([{ paths: [{ flag: 'a', count: 1 }] }]);
  });

  it('stays here while the answer does not say so', async () => {
    const { flags } = startClient(server, { transports: [transport] });
    await flags.ready();
    await expect.poll(() => server.reports.length).toBe(1);
    flags.run('a', sides);
    await flags.close();
    expect(measurementsIn(server.said)).toEqual([]);
  });
});
