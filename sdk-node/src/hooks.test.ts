import type { EvaluationContext } from '@bunting/core';
import { describe, expect, it } from 'vitest';
import type { Evaluations } from './flags.ts';
import type { Hook } from './hooks.ts';
import { changes, flagOf, rolloutFlag } from './test/documents.ts';
import { startLive } from './test/live-client.ts';

/** Keeps what it was called with. */
function recordingHook(name: string, calls: string[]): Hook {
  return {
    before: ({ key }) => void calls.push(`${name} before ${key}`) as undefined,
    after: (_, { value }) => void calls.push(`${name} after ${value}`),
    error: (_, { errorCode }) => void calls.push(`${name} error ${errorCode}`),
    finally: (_, { value }) => void calls.push(`${name} finally ${value}`),
  };
}

describe('hooks', () => {
  it("run in OpenFeature's order: before as added, the rest backwards", async () => {
    const { flags } = await startLive();
    const calls: string[] = [];
    flags.addHook(recordingHook('first', calls));
    flags.addHook(recordingHook('second', calls));
    expect(flags.isEnabled('a')).toBe(true);
    expect(calls).toEqual([
      'first before a',
      'second before a',
      'second after true',
      'first after true',
      'second finally true',
      'first finally true',
    ]);
    calls.length = 0;
    expect(flags.getStringValue('a', 'x')).toBe('x');
    expect(calls.slice(2)).toEqual([
      'second error TYPE_MISMATCH',
      'first error TYPE_MISMATCH',
      'second finally x',
      'first finally x',
    ]);
  });

  it('change no answer of any getter, and see each', async () => {
    const { flags, peer } = await startLive();
    const documents = [
      flagOf('text', 'string', { a: 'x' }),
      flagOf('count', 'number', { a: 5 }),
      flagOf('config', 'object', { a: { deep: [] } }),
    ];
    peer.send(changes(1, 2, documents));
    await expect.poll(() => flags.revision?.number).toBe(2);
    const askAll = (asked: Evaluations) => [
      asked.isEnabled('a'),
      asked.getBooleanValue('a', false),
      asked.getStringValue('text', ''),
      asked.getNumberValue('count', 0),
      asked.getObjectValue('config', {}),
      asked.getBooleanDetails('a', false).value,
      asked.getStringDetails('text', '').value,
      asked.getNumberDetails('count', 0).value,
      asked.getObjectDetails('config', {}).value,
      asked.isEnabled('nope', {}, true),
    ];
    const before = askAll(flags);
    const { isEnabled } = flags;
    const seen: unknown[] = [];
    const remove = flags.addHook({ finally: ({ key, type }) => void seen.push(`${type} ${key}`) });
    expect(askAll(flags)).toEqual(before);
    expect(askAll(flags.withContext({ targetingKey: 'ann' }))).toEqual(before);
    expect(seen).toHaveLength(20);
    expect(seen.slice(1, 5)).toEqual(['boolean a', 'string text', 'number count', 'object config']);
    remove();
    expect(askAll(flags)).toEqual(before);
    expect(seen).toHaveLength(20);
    // No detour is left.
    expect(flags.isEnabled).toBe(isEnabled);
  });

  it('may add to the context, and later ones and the evaluation see it', async () => {
    const { flags, peer } = await startLive();
    peer.send(changes(1, 2, [rolloutFlag('half', 100_000)]));
    await expect.poll(() => flags.revision?.number).toBe(2);
    const contexts: (EvaluationContext | undefined)[] = [];
    flags.addHook({ before: () => ({ targetingKey: 'ann', plan: 'pro' }) });
    flags.addHook({ before: ({ context }) => void contexts.push(context) as undefined });
    expect(flags.isEnabled('half', { plan: 'free' })).toBe(true);
    expect(contexts).toEqual([{ plan: 'pro', targetingKey: 'ann' }]);
  });

  it('that throw or reject are logged once for each stage and change nothing', async () => {
    const { flags, lines } = await startLive();
    const fail = () => {
      throw new Error('boom');
    };
    const reject = (async () => fail()) as unknown as () => void;
    flags.addHook({ before: fail, after: fail, finally: reject });
    flags.addHook({ before: () => null as never, after: 'no function' as never });
    for (let i = 0; i < 3; i++) expect(flags.isEnabled('a')).toBe(true);
    await new Promise((resolve) => setImmediate(resolve));
    expect(lines.filter((line) => line.includes('boom')).map((line) => line.slice(0, 30))).toEqual([
      expect.stringContaining("the 'before' of a hook failed"),
      expect.stringContaining("the 'after' of a hook failed"),
      expect.stringContaining("the 'finally' of a hook failed"),
    ]);
    expect(flags.addHook(undefined as never)()).toBeUndefined();
    expect(lines.at(-1)).toContain('addHook() takes an object');
  });

  it('that evaluate flags themselves do not run for that', async () => {
    const { flags } = await startLive();
    let calls = 0;
    const remove = flags.addHook({
      before: () => {
        calls++;
        flags.isEnabled('b');
        return undefined;
      },
      finally: () => {
        remove();
      },
    });
    expect([flags.isEnabled('a'), flags.isEnabled('a')]).toEqual([true, true]);
    expect(calls).toBe(1);
  });
});
