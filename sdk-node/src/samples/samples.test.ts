import type { ContextsMessage, EvaluationContext, SettingsMessage } from '@bunting/core';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startLive } from '../test/live-client.ts';
import { Samples, type SamplesOptions } from './samples.ts';

const SETTINGS: SettingsMessage = {
  type: 'settings',
  contextSampling: 'contexts',
  privateAttributes: [],
  salt: 'salt',
  maxPerMinute: 240,
};

function start(settings: Partial<SettingsMessage> = {}, options: Partial<SamplesOptions> = {}) {
  const samples = new Samples({ privateAttributes: [], ambient: undefined, nowMs: () => 1_000, ...options });
  samples.allow({ ...SETTINGS, ...settings });
  const sent: ContextsMessage[] = [];
  let isConnected = true;
  const flush = () => samples.flush((message) => isConnected && sent.push(message) > 0);
  const disconnect = (isLost: boolean) => {
    isConnected = !isLost;
  };
  return { samples, sent, flush, disconnect, contexts: () => sent.flatMap((message) => message.samples) };
}

const name = fc.constantFrom('id', 'user', 'email', 'user.email', 'plan', '__proto__');
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: 'medium' },
    fc.uuid(),
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(name, tie('tree'), { maxKeys: 4 }),
  ),
}));
const context = fc.dictionary(fc.oneof(name, fc.constant('targetingKey')), tree, { maxKeys: 5 });
const path = fc.oneof(
  fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('.')),
  fc.constant('targetingKey'),
);

/** Every text in a context that is at one of the paths, or below. */
function secretsOf(value: unknown, paths: readonly string[], at = ''): string[] {
  const isPrivate = paths.some((listed) => at === listed || at.startsWith(`${listed}.`));
  if (typeof value === 'string') return isPrivate ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((element) => secretsOf(element, paths, at));
  if (typeof value !== 'object' || value === null) return [];
  return Object.keys(value).flatMap((key) =>
    secretsOf(Reflect.get(value, key), paths, at === '' ? key : `${at}.${key}`),
  );
}

describe('samples', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('never hold what is private, by the project or by the host', () => {
    const lists = fc.array(path, { maxLength: 3 });
    fc.assert(
      fc.property(fc.array(context, { maxLength: 8 }), lists, lists, (given, byProject, byHost) => {
        const { samples, sent, flush } = start({ privateAttributes: byProject }, { privateAttributes: byHost });
        for (const each of given) samples.take(each);
        flush();
        const bytes = JSON.stringify(sent);
        const listed = [...byProject, ...byHost];
        for (const secret of given.flatMap((each) => secretsOf(each, listed))) expect(bytes).not.toContain(secret);
        for (const seen of sent.flatMap(({ attributes }) => attributes)) {
          if (seen.path !== 'targetingKey')
            expect(listed.filter((one) => `${seen.path}.`.startsWith(`${one}.`))).toEqual([]);
        }
      }),
    );
  });

  it('say the latest context of each targeting key, and how often it was sampled', () => {
    const { samples, flush, contexts } = start();
    samples.take({ targetingKey: 'u1', plan: 'free' });
    samples.take({ targetingKey: 'u2' });
    samples.take({ targetingKey: 'u1', plan: 'pro' });
    samples.take({ plan: 'none' });
    flush();
    const shared = { seenAtMs: 1_000, isCut: false };
    expect(contexts()).toEqual([
      { ...shared, context: { targetingKey: 'u1', plan: 'pro' }, count: 2 },
      { ...shared, context: { targetingKey: 'u2' }, count: 1 },
      { ...shared, context: { plan: 'none' }, count: 1 },
    ]);
  });

  it('are names and types alone unless the server wants more', () => {
    const { samples, sent, flush } = start({ contextSampling: 'attributes' });
    samples.take({ targetingKey: 'secret', plan: 'secret' });
    samples.take({ plan: 'secret' });
    flush();
    expect(sent).toEqual([
      {
        type: 'contexts',
        attributes: [
          { path: 'targetingKey', type: 'string', count: 1 },
          { path: 'plan', type: 'string', count: 2 },
        ],
        samples: [],
      },
    ]);
  });

  it.each([
    ['without a word of the server', undefined],
    ['where it wants none', 'off'],
    ['where it wants what only later versions know', 'everything'],
  ])('are not taken %s', (_, contextSampling) => {
    const samples = new Samples({ privateAttributes: [], ambient: undefined, nowMs: () => 0 });
    if (contextSampling !== undefined) {
      samples.allow({ ...SETTINGS, contextSampling: contextSampling as SettingsMessage['contextSampling'] });
    }
    vi.advanceTimersByTime(600_000);
    expect(samples.isDue).toBe(false);
    samples.flush(() => expect.fail('nothing is to be sent'));
  });

  it('are taken as often as the server says, at uneven times', () => {
    const { samples } = start({ maxPerMinute: 60 });
    let taken = 0;
    for (let ms = 0; ms < 600_000; ms += 10) {
      vi.advanceTimersByTime(10);
      if (!samples.isDue) continue;
      samples.take({ targetingKey: 'u' });
      taken += 1;
    }
    expect(taken).toBeGreaterThan(500);
    expect(taken).toBeLessThan(700);
  });

  it('go on while a transport says the same settings again and again', () => {
    const { samples } = start();
    for (let again = 0; again < 100; again++) {
      vi.advanceTimersByTime(5);
      samples.allow({ ...SETTINGS });
    }
    expect(samples.isDue).toBe(true);
  });

  it('wait while they cannot be sent', () => {
    const { samples, flush, disconnect, contexts } = start();
    samples.take({ targetingKey: 'u1' });
    disconnect(true);
    flush();
    samples.take({ targetingKey: 'u2' });
    disconnect(false);
    flush();
    flush();
    expect(contexts().map((sample) => sample.context)).toEqual([{ targetingKey: 'u1' }, { targetingKey: 'u2' }]);
  });

  it('are let go when the settings change, and kept when the same server comes back', () => {
    const { samples, flush, contexts } = start();
    samples.take({ targetingKey: 'kept' });
    samples.pause();
    flush();
    samples.allow({ ...SETTINGS });
    flush();
    samples.take({ targetingKey: 'gone', email: 'secret' });
    samples.allow({ ...SETTINGS, privateAttributes: ['email'] });
    flush();
    expect(contexts().map((sample) => sample.context)).toEqual([{ targetingKey: 'kept' }]);
  });

  it('take little memory under a million different contexts, and count what there was no room for', () => {
    const { samples, sent, flush, contexts } = start();
    for (let i = 0; i < 1_000_000; i++) {
      // Most of a million evaluations are not sampled at all; here each is.
      if (i % 1000 === 0)
        samples.take({ targetingKey: `user-${i}`, [`name-${i}`]: 'x'.repeat(1_000), big: 'y'.repeat(500) });
      else if (i % 10 === 0) samples.take({ targetingKey: `user-${i}` });
      vi.clearAllTimers();
    }
    flush();
    expect(contexts().length).toBeLessThanOrEqual(100);
    expect(sent.flatMap(({ attributes }) => attributes).length).toBeLessThanOrEqual(500);
    expect(sent.reduce((sum, { dropped = 0 }) => sum + dropped, 0)).toBe(100_000 - contexts().length);
  });

  it('leave in messages that every server takes', () => {
    const { samples, sent, flush } = start();
    for (let i = 0; i < 100; i++) {
      const wide = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`${i}-${at}`, '字'.repeat(100)]));
      samples.take({ targetingKey: `u${i}`, ...wide });
    }
    flush();
    expect(sent.length).toBeGreaterThan(1);
    for (const message of sent) expect(Buffer.byteLength(JSON.stringify(message))).toBeLessThan(256 * 1024);
  });

  it('hide a private targeting key by a hash that each subject keeps', () => {
    const { samples, flush, contexts } = start({ privateAttributes: ['targetingKey'] });
    for (const targetingKey of ['ann@example.com', 'ben@example.com', 'ann@example.com'])
      samples.take({ targetingKey });
    flush();
    expect(contexts()).toMatchObject([{ count: 2 }, { count: 1 }]);
    for (const { context: sample } of contexts()) expect(sample.targetingKey).toMatch(/^sha256:[\w-]{43}$/);
  });

  it('bear any context, and run none of its code', () => {
    const { samples, flush, contexts } = start();
    const cycle: Record<string, unknown> = { targetingKey: 'cycle', big: 1n };
    cycle.self = cycle;
    const touch = () => {
      throw new Error('host code');
    };
    const handler = { get: touch, ownKeys: touch, getOwnPropertyDescriptor: touch, getPrototypeOf: touch, has: touch };
    const given: unknown[] = [
      cycle,
      new Proxy({}, handler),
      { targetingKey: 'nested', proxy: new Proxy({}, handler), list: [new Proxy([], handler)] },
      Object.create(new Proxy({}, handler)),
      Object.defineProperty({ targetingKey: 'getter' }, 'x', { get: touch, enumerable: true }),
      { toJSON: touch, targetingKey: 'json' },
      Object.freeze({ targetingKey: 'frozen' }),
      new Map([['a', 1]]),
      'text',
      null,
    ];
    for (const each of given) expect(() => samples.take(each as EvaluationContext)).not.toThrow();
    flush();
    expect(contexts().map((sample) => sample.context.targetingKey)).toEqual([
      'cycle',
      'nested',
      'getter',
      'json',
      'frozen',
    ]);
  });
});

describe('a client', () => {
  it('samples what it evaluates for once the server has said so, with its deploy, and sends it at the latest when it closes', async () => {
    const { flags, peer } = await startLive({ options: { privateAttributes: ['email'] } });
    flags.isEnabled('a', { targetingKey: 'before' });
    peer.send({ ...SETTINGS, privateAttributes: ['ip'] });
    const context = { targetingKey: 'u1', email: 'ann@example.com', ip: '10.1.2.3', plan: 'pro' };
    // At 240 a minute one is taken within 375 ms.
    const enoughMs = performance.now() + 500;
    await expect.poll(() => flags.isEnabled('a', context) && performance.now() > enoughMs).toBe(true);
    flags.isEnabled('a');
    await flags.close();
    await peer.closed;
    const said = peer.said.filter((message) => message.type === 'contexts');
    expect(said.flatMap(({ samples }) => samples)).toMatchObject([
      { context: { targetingKey: 'u1', plan: 'pro', deploy: { version: '1.4.0' } } },
    ]);
    expect(JSON.stringify(peer.said)).not.toMatch(/ann@example|10\.1\.2\.3|before/);
  });

  it('tells a server without settings nothing', async () => {
    const { flags, peer } = await startLive();
    flags.isEnabled('a', { targetingKey: 'u1' });
    await flags.close();
    await peer.closed;
    expect(peer.said.map(({ type }) => type)).not.toContain('contexts');
  });
});
