import type { EvaluationContext } from '@bunting/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeContexts } from './bound-flags.ts';
import { changes, flagOf } from './test/documents.ts';
import { startLive } from './test/live-client.ts';

/** Live flags of each type that serve their second variant to Norway only. */
async function startTargeted() {
  const live = await startLive();
  const when = { attribute: 'country', operator: 'in', values: ['NO'] } as const;
  const targeted = [
    flagOf('bool', 'boolean', { a: false, b: true }),
    flagOf('text', 'string', { a: 'world', b: 'norway' }),
    flagOf('count', 'number', { a: 1, b: 2 }),
    flagOf('config', 'object', { a: {}, b: { fjords: true } }),
  ].map((flag) => ({ ...flag, rules: [{ id: 'r', when, serve: { variant: 'b' } }] }));
  live.peer.send(changes(1, 2, targeted));
  await expect.poll(() => live.flags.revision?.number).toBe(2);
  return live.flags;
}

describe('flags with a context of their own', () => {
  it('answer for it with every getter', async () => {
    const norway = (await startTargeted()).withContext({ country: 'NO' });
    expect(norway.isEnabled('bool')).toBe(true);
    expect(norway.getBooleanValue('bool', false)).toBe(true);
    expect(norway.getStringValue('text', '')).toBe('norway');
    expect(norway.getNumberValue('count', 0)).toBe(2);
    expect(norway.getObjectValue('config', {})).toEqual({ fjords: true });
    expect(norway.getBooleanDetails('bool', false)).toMatchObject({ value: true, reason: 'TARGETING_MATCH' });
    expect(norway.getStringDetails('text', '').value).toBe('norway');
    expect(norway.getNumberDetails('count', 0).value).toBe(2);
    expect(norway.getObjectDetails('config', {}).value).toEqual({ fjords: true });
    expect(norway.isEnabled('unknown', undefined, true)).toBe(true);
  });

  it("lay each call's context over it, and each further one", async () => {
    const flags = await startTargeted();
    const norway = flags.withContext({ targetingKey: 'ann', country: 'NO' });
    expect(norway.isEnabled('bool', { country: 'SE' })).toBe(false);
    expect(norway.isEnabled('bool', { plan: 'pro' })).toBe(true);
    expect(norway.withContext({ country: 'SE' }).isEnabled('bool')).toBe(false);
    expect(flags.withContext({ country: 'SE' }).withContext({ plan: 'pro' }).isEnabled('bool', { country: 'NO' })).toBe(
      true,
    );
    expect(flags.isEnabled('bool')).toBe(false);
  });

  it('answer the default, and why, when either context cannot be used', async () => {
    const flags = await startTargeted();
    const throwing = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('ownKeys');
        },
      },
    );
    const pairs: [unknown, unknown][] = [
      ['ann', {}],
      [{ country: 'NO' }, 'ann'],
      [{ country: 'NO' }, null],
      [{ country: 'NO' }, throwing],
    ];
    for (const [outer, inner] of pairs) {
      const details = flags.withContext(outer as EvaluationContext).getBooleanDetails('bool', true, inner as never);
      expect(details).toMatchObject({ value: true, errorCode: 'INVALID_CONTEXT' });
    }
  });
});

it('merging contexts is laying one over the other, and costs nothing when there is only one', () => {
  const context = fc.dictionary(fc.string(), fc.jsonValue());
  fc.assert(
    fc.property(context, context, (outer, inner) => {
      expect(mergeContexts(outer, inner)).toEqual({ ...outer, ...inner });
      expect(mergeContexts(outer, undefined)).toBe(outer);
      expect(mergeContexts(undefined, inner)).toBe(inner);
    }),
  );
});
