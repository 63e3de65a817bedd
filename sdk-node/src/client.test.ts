import type { EvaluationContext, Flag, Json } from '@bunting/core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from './connect.ts';
import type { Flags } from './flags.ts';
import { flagOf, offFlag, onFlag, rolloutFlag, snapshot } from './test/documents.ts';
import { ScriptedServer } from './test/scripted-server.ts';

const targeted: Flag = {
  ...flagOf('theme', 'string', { dark: 'dark', light: 'light' }),
  defaultRule: { variant: 'light' },
  rules: [{ id: 'r1', when: { attribute: 'org.plan', operator: 'in', values: ['pro'] }, serve: { variant: 'dark' } }],
};

const FLAGS: readonly Flag[] = [
  onFlag('on'),
  offFlag('off'),
  rolloutFlag('half', 50_000),
  targeted,
  flagOf('limit', 'number', { high: 100 }),
  flagOf('layout', 'object', { wide: { columns: 3 } }),
  flagOf('list', 'object', { some: [1, 2] }),
];

let server: ScriptedServer;
let flags: Flags;

beforeAll(async () => {
  server = await ScriptedServer.start();
  flags = connect({ url: server.url, sdkKey: 'bnt_srv_1', logger: {} });
  const peer = await server.next();
  const message = snapshot(1, FLAGS);
  peer.send({ ...message, items: [...message.items, { kind: 'flag', key: 'broken', json: '{}' }] });
  await flags.ready();
});

afterAll(async () => {
  await flags.close();
  await server.kill();
});

describe('evaluating', () => {
  it('answers by the flag, whatever the default', () => {
    expect(flags.isEnabled('on', { targetingKey: 'u1' })).toBe(true);
    expect(flags.isEnabled('off', { targetingKey: 'u1' }, true)).toBe(false);
    expect(flags.getBooleanValue('on', false, {})).toBe(true);
    expect(flags.getStringValue('theme', 'none', { org: { plan: 'pro' } })).toBe('dark');
    expect(flags.getStringValue('theme', 'none', { org: { plan: 'free' } })).toBe('light');
    expect(flags.getNumberValue('limit', 1)).toBe(100);
    expect(flags.getObjectValue('layout', {})).toEqual({ columns: 3 });
    expect(flags.getObjectValue<Json>('list', null)).toEqual([1, 2]);
  });

  it('puts about half of the subjects into a rollout of 50 %, each always alike', () => {
    const isIn = (i: number) => flags.isEnabled('half', { targetingKey: `user-${i}` });
    const first = Array.from({ length: 2000 }, (_, i) => isIn(i));
    expect(first).toEqual(first.map((_, i) => isIn(i)));
    expect(first.filter(Boolean).length).toBeGreaterThan(900);
    expect(first.filter(Boolean).length).toBeLessThan(1100);
  });

  it('answers the default for a flag that is unknown, broken, of another type, or lacks its subject', () => {
    expect(flags.isEnabled('nope')).toBe(false);
    expect(flags.isEnabled('nope', {}, true)).toBe(true);
    expect(flags.isEnabled('broken', {}, true)).toBe(true);
    expect(flags.isEnabled('theme', {}, true)).toBe(true);
    expect(flags.isEnabled('half', {}, true)).toBe(true);
    expect(flags.getStringValue('on', 'default')).toBe('default');
    expect(flags.getNumberValue('on', 7)).toBe(7);
    expect(flags.getObjectValue('on', { own: true })).toEqual({ own: true });
    expect(flags.getBooleanValue('layout', true)).toBe(true);
  });

  it('explains an answer', () => {
    expect(flags.getStringDetails('theme', 'none', { org: { plan: 'pro' } })).toEqual({
      key: 'theme',
      value: 'dark',
      variant: 'dark',
      reason: 'TARGETING_MATCH',
      errorCode: undefined,
      errorMessage: undefined,
      flagMetadata: { ruleId: 'r1' },
      state: 'live',
      dataAgeMs: expect.any(Number),
    });
    expect(flags.getBooleanDetails('half', false, { targetingKey: 'u1' }).reason).toBe('SPLIT');
    expect(flags.getNumberDetails('limit', 1)).toMatchObject({ value: 100, variant: 'high', reason: 'STATIC' });
    expect(flags.getObjectDetails('layout', {})).toMatchObject({ value: { columns: 3 }, variant: 'wide' });
  });

  it.each<[string, () => unknown, string, string]>([
    ['of another type', () => flags.getNumberDetails('theme', 1), 'TYPE_MISMATCH', 'of type string, not number'],
    ['unknown', () => flags.getBooleanDetails('nope', true), 'FLAG_NOT_FOUND', 'no such flag'],
    ['malformed', () => flags.getBooleanDetails('broken', true), 'PARSE_ERROR', 'malformed'],
    ['without its subject', () => flags.getBooleanDetails('half', true), 'TARGETING_KEY_MISSING', 'targetingKey'],
    [
      'given a context that is none',
      () => flags.getBooleanDetails('half', true, 'u1' as unknown as EvaluationContext),
      'INVALID_CONTEXT',
      'must be an object',
    ],
    [
      'given null for a context',
      () => flags.getBooleanDetails('half', true, null as unknown as EvaluationContext),
      'INVALID_CONTEXT',
      'must be an object',
    ],
  ])('explains why a flag that is %s answers the default', (_, evaluate, errorCode, errorMessage) => {
    expect(evaluate()).toMatchObject({
      variant: undefined,
      reason: 'ERROR',
      errorCode,
      errorMessage: expect.stringContaining(errorMessage),
    });
  });

  it('never throws, whatever it is given', () => {
    const throwing = new Proxy(
      {},
      {
        get: () => {
          throw new Error('get');
        },
        has: () => {
          throw new Error('has');
        },
      },
    );
    const anyKey = fc.oneof(fc.constantFrom(...FLAGS.map(({ key }) => key), 'broken'), fc.anything());
    const anyValue = fc.anything({ withBigInt: true, withNullPrototype: true, withDate: true, withMap: true });
    const contexts: readonly ((value: unknown) => unknown)[] = [
      (value) => value,
      (value) => ({ targetingKey: value, org: throwing }),
      (value) => ({ targetingKey: 'u1', org: { plan: value } }),
      () => throwing,
    ];
    fc.assert(
      fc.property(anyKey, fc.constantFrom(...contexts), anyValue, anyValue, (key, contextOf, value, fallback) => {
        // What a caller without types may do.
        const untyped = flags as unknown as Record<string, (...args: unknown[]) => unknown>;
        for (const type of ['Boolean', 'String', 'Number', 'Object']) {
          untyped[`get${type}Value`]?.(key, fallback, contextOf(value));
          untyped[`get${type}Details`]?.(key, fallback, contextOf(value));
        }
        untyped.isEnabled?.(key, contextOf(value), fallback);
      }),
      { numRuns: 1000 },
    );
    const untyped = flags as unknown as { isEnabled(key: unknown): unknown };
    expect(untyped.isEnabled(Symbol('key'))).toBe(false);
  });

  it('never throws or rejects from its other methods either', async () => {
    const untyped = flags as unknown as Record<'all' | 'on' | 'ready', (...args: unknown[]) => unknown>;
    await fc.assert(
      fc.asyncProperty(fc.anything(), fc.anything(), async (first, second) => {
        expect(await untyped.ready(first)).toMatchObject({ state: 'live' });
        untyped.all(first, second);
        for (const name of [first, 'ready', 'stale', 'error']) (untyped.on(name, second) as () => void)();
      }),
    );
    const unreadable = new Proxy({}, { get: () => expect.unreachable() });
    expect(await untyped.ready(unreadable)).toMatchObject({ state: 'live' });
    expect(untyped.all({}, unreadable)).toEqual(untyped.all({}));
  });
});

describe('connecting with options that cannot work', () => {
  it('tells how to mend them, ends the wait for readiness, and answers defaults', async () => {
    const lines: string[] = [];
    const broken = connect({ url: 'flags.example.com', sdkKey: '', logger: { error: (line) => lines.push(line) } });
    const errors: unknown[] = [];
    broken.on('error', (error) => errors.push(error));
    expect(await broken.ready()).toMatchObject({ state: 'default', waitedMs: 0, error: { code: 'options_invalid' } });
    expect(broken.isEnabled('on', {}, true)).toBe(true);
    expect(broken.getBooleanDetails('on', true)).toMatchObject({
      value: true,
      errorCode: 'PROVIDER_FATAL',
      errorMessage: expect.stringMatching(/url must be .*; sdkKey must be /),
    });
    expect(errors).toEqual([expect.objectContaining({ code: 'options_invalid', fatal: true })]);
    expect(lines).toHaveLength(1);
    await broken.close();
  });

  it('never throws, whatever the options are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.anything(), async (options) => {
        await connect({ ...(options as object), url: 'nowhere', logger: {} } as never).close();
        const junk = typeof options === 'object' && options !== null ? { logger: {}, ...options } : { logger: {} };
        await connect(junk as never).close();
      }),
    );
  });
});
