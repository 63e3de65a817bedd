import { encode, type Flag } from '@bunting/core';
import { afterEach, describe, expect, it } from 'vitest';
import { changes, offFlag, onFlag, revision, snapshot } from './test/documents.ts';
import { HEARTBEAT, once, startClient } from './test/live-client.ts';
import { beginEvents, POLL_HEADERS, ScriptedHttp, serve, writeEvent } from './test/scripted-http.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function start(): Promise<ScriptedHttp> {
  const server = await ScriptedHttp.start();
  cleanups.push(() => server.kill());
  return server;
}

describe('a client whose WebSockets are refused', () => {
  it('reads events, and is back on a WebSocket soon after one can be had', async () => {
    const server = await start();
    serve(server, snapshot(1, [onFlag('a')]));
    server.onEvents = (_request, response) => {
      beginEvents(response, changes(1, 1, []));
      const timer = setInterval(() => writeEvent(response, HEARTBEAT), 20);
      response.on('close', () => clearInterval(timer));
    };
    server.greeting = [changes(1, 2, [offFlag('a')])];
    const { flags, lines } = startClient(server, { timing: { retryFirstMinMs: 60, retryFirstMaxMs: 60 } });
    expect(await flags.ready()).toMatchObject({ state: 'live', transport: 'sse' });
    await expect.poll(() => server.upgrades).toBeGreaterThan(2);
    // That it still fails is said once, not at every attempt.
    expect(lines).toEqual([expect.stringContaining('HTTP 403'), expect.stringContaining('connected by sse')]);
    expect(flags.state).toBe('live');
    server.upgradeStatus = 101;
    await once(flags, 'change');
    await expect.poll(() => flags.transport).toBe('websocket');
    expect(flags).toMatchObject({ state: 'live', revision: revision(2) });
  });
});

describe('a client that reads events', () => {
  it('has the first snapshot packed, and the events from there on', async () => {
    const server = await start();
    serve(server, snapshot(1, [onFlag('a')]), changes(1, 2, [offFlag('a')]));
    const { onEvents, onPoll } = server;
    const asked: (string | undefined)[] = [];
    server.onPoll = (request, response) => {
      asked.push(`${request.url} ${request.headers['accept-encoding']}`);
      onPoll(request, response);
    };
    server.onEvents = (request, response) => {
      asked.push(request.url?.replace(/connection=[-0-9a-f]{36}/, 'connection=ID'));
      onEvents(request, response);
    };
    const { flags } = startClient(server, { transports: ['sse'] });
    await once(flags, 'change');
    expect(flags.isEnabled('a')).toBe(false);
    expect(asked).toEqual(['/stream/snapshot gzip', '/stream/events?connection=ID&have=word-1']);
  });

  it('is not live by the snapshot alone, where the events never come', async () => {
    const server = await start();
    serve(server, snapshot(1, [onFlag('a')]));
    server.onEvents = (_request, response) => beginEvents(response);
    const { flags } = startClient(server, { transports: ['sse', 'polling'], timing: { silenceTimeoutMs: 200 } });
    expect(await flags.ready({ timeoutMs: 100 })).toMatchObject({ state: 'default' });
    expect(await flags.ready()).toMatchObject({ state: 'live', transport: 'polling' });
  });
});

describe('a client that polls', () => {
  it('says what it has, by revision at first and then in the words of the answer', async () => {
    const server = await start();
    const asked: [url: string | undefined, etag: string | undefined][] = [];
    server.onPoll = (request, response) => {
      asked.push([request.url, request.headers['if-none-match']]);
      if (asked.length >= 3) return response.writeHead(304, POLL_HEADERS).end();
      const number = asked.length;
      const message = number === 1 ? snapshot(1, [onFlag('a')]) : changes(number - 1, number, [offFlag('a')]);
      response.writeHead(200, { ...POLL_HEADERS, etag: `"word-${number}+gzip"` }).end(encode(message));
    };
    const warnings: Error[] = [];
    const warn = (warning: Error) => warnings.push(warning);
    process.on('warning', warn);
    const { flags } = startClient(server, { transports: ['polling'], pollIntervalMs: 20 });
    await once(flags, 'change');
    await expect.poll(() => asked.length).toBeGreaterThan(15);
    process.off('warning', warn);
    expect(warnings).toEqual([]);
    // However often it polls, heartbeats are answered every 5 s at most: the server must not expect more.
    expect(server.reports[0]?.intervalMs).toBe(5_024);
    expect(asked.slice(0, 3)).toEqual([
      ['/stream/snapshot', undefined],
      ['/stream/snapshot?have=word-1', '"word-1+gzip"'],
      ['/stream/snapshot?have=word-2', '"word-2+gzip"'],
    ]);
    await flags.close();
  });

  it('believes the headers about the time, not a body that may be old', async () => {
    const server = await start();
    const on = { variant: 'on', from: 0, to: 100_000 };
    const schedule = [{ atMs: Date.now() - 86_400_000, ranges: [on] }];
    const sinceYesterday: Flag = { ...onFlag('ramp'), defaultRule: { split: { ranges: [], schedule } } };
    const old = { ...snapshot(1, [sinceYesterday]), timeMs: Date.now() - 2 * 86_400_000 };
    server.onPoll = (_request, response) => response.writeHead(200, { ...POLL_HEADERS, etag: '"1"' }).end(encode(old));
    const { flags } = startClient(server, { transports: ['polling'] });
    const atFirst = new Promise((resolve) =>
      flags.on('ready', () => resolve(flags.isEnabled('ramp', { targetingKey: 'u' }))),
    );
    expect(await atFirst).toBe(true);
  });

  it('believes the headers about the age: old data is never live', async () => {
    const server = await start();
    const headers = { ...POLL_HEADERS, 'stream-data-age-ms': '90000', etag: '"1"' };
    server.onPoll = (_request, response) => response.writeHead(200, headers).end(encode(snapshot(1, [onFlag('a')])));
    const { flags } = startClient(server, { transports: ['polling'] });
    expect(await flags.ready()).toMatchObject({ state: 'stale', transport: 'polling' });
    expect(flags.dataAgeMs).toBeGreaterThanOrEqual(90_000);
  });

  it('takes several messages of one answer in order', async () => {
    const server = await start();
    const messages = [
      { type: 'kill', flag: 'b', epoch: 1, engaged: true } as const,
      snapshot(1, [onFlag('a'), onFlag('b')]),
    ];
    server.onPoll = (_request, response) =>
      response.writeHead(200, { ...POLL_HEADERS, etag: '"1"' }).end(messages.map(encode).join('\n\n'));
    const { flags } = startClient(server, { transports: ['polling'] });
    await flags.ready();
    expect([flags.isEnabled('a'), flags.isEnabled('b')]).toEqual([true, false]);
  });

  it('does not take the page of a proxy for flags', async () => {
    const server = await start();
    server.onPoll = (_request, response) => response.writeHead(200).end('<h1>Please sign in</h1>');
    const { flags } = startClient(server, { transports: ['polling'] });
    expect((await once(flags, 'error')).message).toContain('not of a Bunting server');
    expect(flags.state).toBe('default');
  });
});

describe('what a client without a WebSocket has to say', () => {
  async function startEvents(server: ScriptedHttp) {
    serve(server, snapshot(1, [onFlag('a')]));
    const { flags } = startClient(server, { transports: ['sse'] });
    await flags.ready();
    return flags;
  }

  it('goes by POST, all of one turn together, and last that it ends', async () => {
    const server = await start();
    const flags = await startEvents(server);
    await expect.poll(() => server.said).toEqual([expect.objectContaining({ type: 'receipt', revision: revision(1) })]);
    flags.isEnabled('a');
    server.reportDelayMs = 100;
    await flags.close();
    expect(server.reports).toHaveLength(2);
    expect(server.reports.at(-1)).toMatchObject({ isClosing: true, messages: [{ type: 'telemetry' }] });
    expect(new Set(server.reports.map(({ connection }) => connection)).size).toBe(1);
  });

  it('is said again when the server failed on it, but not when it refused it', async () => {
    const server = await start();
    const statuses = [503, 400];
    const tried: number[] = [];
    server.onReport = ({ messages }) => {
      tried.push(messages.length);
      return [statuses.shift() ?? 200, false];
    };
    const flags = await startEvents(server);
    await expect.poll(() => tried).toEqual([1]);
    await flags.close();
    // The receipt again, with the farewell.
    expect(tried).toEqual([1, 1]);
    expect(server.said).toEqual([]);
  });

  it('is repeated, as far as it still holds, to a server that had not heard of it', async () => {
    const server = await start();
    let isRestarted = false;
    server.onReport = () => {
      const joined = isRestarted || server.reports.length === 0;
      isRestarted = false;
      return [200, joined];
    };
    let events: Parameters<typeof writeEvent>[0] | undefined;
    serve(server, snapshot(1, [onFlag('a')]));
    server.onEvents = (_request, response) => {
      events = response;
      beginEvents(response, changes(1, 1, []), { type: 'kill', flag: 'a', epoch: 1, engaged: true });
    };
    const { flags } = startClient(server, { transports: ['sse'] });
    await flags.ready();
    await expect.poll(() => server.said.map(({ type }) => type)).toEqual(['receipt', 'kill-receipt']);
    isRestarted = true;
    if (events !== undefined) writeEvent(events, changes(1, 2, [offFlag('a')]));
    await expect
      .poll(() => server.said.map(({ type }) => type))
      .toEqual(['receipt', 'kill-receipt', 'receipt', 'kill-receipt']);
  });
});
