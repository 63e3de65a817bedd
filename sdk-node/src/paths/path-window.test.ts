import { compile, DurationSketch, type EvaluationContext, type Flag, SubjectSketch } from '@bunting/core';
import { describe, expect, it } from 'vitest';
import { onFlag, revision, rolloutFlag } from '../test/documents.ts';
import type { Choice } from './choice.ts';
import { PathRunner } from './path-runner.ts';
import { type Batch, PathWindow } from './path-window.ts';

/** Makes choices of these flags, as the client does. */
function chooser(...flags: readonly Flag[]) {
  const answers = compile({ revision: revision(1), flags });
  return (key: string, context: EvaluationContext = {}): Choice => {
    const evaluation = answers.evaluate(key, context);
    const isServed = evaluation.value !== undefined;
    return { key, value: evaluation.value ?? false, isServed, evaluation, context, answers };
  };
}

describe('first exposures', () => {
  const half = { ...rolloutFlag('a', 50_000), slices: true };
  const firstsOf = (batch: Batch) =>
    batch.paths.flatMap(({ variant, firsts }) => (firsts?.hashes ?? []).map((hash) => `${variant} ${hash}`));

  it('are told of once for each subject, when it is served, whether that ends or not', () => {
    const choose = chooser(half);
    const window = new PathWindow();
    const expose = (name: string) => window.expose('run', choose('a', { targetingKey: name }));
    for (let at = 0; at < 100; at++) expose(`user-${at % 50}`);
    const told = firstsOf(window.read());
    expect(new Set(told).size).toBe(50);
    expect(told).toHaveLength(50);
    expect(window.read().paths.every(({ count }) => count === 0)).toBe(true);
    expect(window.drain(() => true)).toBe(true);
    for (let at = 0; at < 51; at++) expose(`user-${at}`);
    expect(firstsOf(window.read())).toHaveLength(1);
  });

  it('are told of by run and shadow before the code is called', () => {
    const choose = chooser(half);
    const window = new PathWindow();
    const runner = new PathRunner({
      ...{ logger: {}, sink: window, typeOf: () => 'boolean', isConfirmed: () => true },
      choose: (_type, key, _default, context) => choose(key, context) as never,
    });
    const seen: number[] = [];
    const look = () => seen.push(firstsOf(window.read()).length);
    runner.run('a', { targetingKey: 'ann' }, { off: look, on: look });
    runner.shadow('a', { targetingKey: 'bob' }, { current: look, candidate: look });
    expect(seen).toEqual([1, 2]);
  });

  it('by another state of a split are others', () => {
    const window = new PathWindow();
    for (const share of [50_000, 60_000]) {
      const flag = { ...rolloutFlag('a', share), slices: true };
      window.expose('run', chooser(flag)('a', { targetingKey: 'ann' }));
    }
    expect(new Set(window.read().paths.flatMap(({ firsts }) => firsts?.mark ?? [])).size).toBe(2);
    expect(new Set(firstsOf(window.read())).size).toBe(2);
  });

  it('are of flags that ask for it alone, and of splits', () => {
    const window = new PathWindow();
    const choose = chooser(rolloutFlag('b', 50_000), { ...onFlag('c'), slices: true }, half);
    for (const key of ['b', 'c', 'none']) window.expose('run', choose(key, { targetingKey: 'ann' }));
    window.expose('run', choose('a', {}));
    expect(window.isEmpty).toBe(true);
  });

  it('of very many subjects are a sample, in messages that a server takes, and none is lost with a part that is not sent', () => {
    const choose = chooser(half);
    const window = new PathWindow();
    for (let at = 0; at < 40_000; at++) window.expose('run', choose('a', { targetingKey: `user-${at}` }));
    const all = window.read();
    const told = firstsOf(all);
    expect(all.paths.every(({ firsts }) => (firsts?.hashes.length ?? 0) <= 2_000)).toBe(true);
    expect(told.length).toBeGreaterThan(16_384);
    expect(told.length).toBeLessThan(40_000);
    expect(told.filter((each) => each.startsWith('on')).length / told.length).toBeCloseTo(0.5, 1);
    const sent: string[] = [];
    let parts = 0;
    const take = (batch: Batch) => {
      parts += 1;
      if (parts === 2) return false;
      expect(JSON.stringify(batch).length).toBeLessThan(250_000);
      sent.push(...firstsOf(batch));
      return true;
    };
    expect(window.drain(take)).toBe(false);
    expect(window.drain(take)).toBe(true);
    expect(new Set(sent)).toEqual(new Set(told));
  });
});

describe('a window of measurements', () => {
  it('counts by what was served: flag, variant, reason, rule and path', () => {
    const when = { attribute: 'country', operator: 'in', values: ['NO'] } as const;
    const rule = { id: 'norway', when, serve: { split: { ranges: [{ variant: 'on', from: 0, to: 100_000 }] } } };
    const choose = chooser({ ...onFlag('a'), rules: [rule] }, onFlag('b'));
    const window = new PathWindow();
    window.record('run', choose('a', { targetingKey: 'ann', country: 'NO' }), 'done', 1);
    window.record('run', choose('a', { targetingKey: 'bob', country: 'NO' }), 'done', 1);
    window.record('run', choose('a'), 'done', 1);
    window.record('read.new', choose('b'), 'late', 1000);
    window.record('run', choose('unknown'), 'done', 1);
    expect(window.read().paths).toEqual([
      {
        flag: 'a',
        variant: 'on',
        reason: 'SPLIT',
        ruleId: 'norway',
        path: 'run',
        count: 2,
        errors: 0,
        durations: expect.any(String),
      },
      { flag: 'a', variant: 'on', reason: 'DEFAULT', path: 'run', count: 1, errors: 0, durations: expect.any(String) },
      {
        flag: 'unknown',
        variant: '',
        reason: 'ERROR',
        path: 'run',
        count: 1,
        errors: 0,
        durations: expect.any(String),
      },
      { flag: 'b', variant: 'on', reason: 'STATIC', path: 'read.new', count: 1, errors: 0, timeouts: 1 },
    ]);
  });

  it('keeps durations in microseconds, of all that ended in time', () => {
    const choose = chooser(onFlag('a'));
    const window = new PathWindow();
    for (let ms = 1; ms <= 100; ms++) window.record('run', choose('a'), ms % 2 ? 'done' : 'failed', ms);
    window.record('run', choose('a'), 'late', 5000);
    const durations = DurationSketch.decode(window.read().paths[0]?.durations);
    expect(durations?.count).toBe(100);
    expect((durations?.quantile(0.5) ?? 0) / 50_000).toBeCloseTo(1, 1);
    expect((durations?.quantile(1) ?? 0) / 100_000).toBeCloseTo(1, 1);
  });

  it('knows how many subjects a path failed for, without naming them', () => {
    const choose = chooser(rolloutFlag('half', 100_000));
    const window = new PathWindow();
    for (let i = 0; i < 300; i++) {
      window.record('run', choose('half', { targetingKey: `user-${i % 30}` }), i < 200 ? 'failed' : 'done', 1);
    }
    const [count] = window.read().paths;
    expect(count).toMatchObject({ count: 300, errors: 200 });
    expect(Math.round(SubjectSketch.decode(count?.failing)?.estimate() ?? 0)).toBeGreaterThan(25);
    expect(Math.round(SubjectSketch.decode(count?.failing)?.estimate() ?? 0)).toBeLessThan(36);
    expect(JSON.stringify(window.read())).not.toContain('user-');
    // Nobody to name is no failure of the measurement.
    window.record('run', choose('half', {}), 'failed', 1);
  });

  it('counts by slice of a split where the flag asks for it', () => {
    const choose = chooser({ ...rolloutFlag('half', 50_000), slices: true }, { ...onFlag('all'), slices: true });
    const window = new PathWindow();
    for (let i = 0; i < 2000; i++) {
      const context = { targetingKey: `user-${i}` };
      window.record('run', choose('half', context), i % 10 === 0 ? 'failed' : 'done', 1);
      window.record('run', choose('all', context), 'done', 1);
    }
    const { paths } = window.read();
    expect(paths.find(({ flag }) => flag === 'all')?.slices).toBeUndefined();
    const ofHalf = paths.filter(({ flag }) => flag === 'half');
    expect(ofHalf).toHaveLength(2);
    let counted = 0;
    let failed = 0;
    for (const { slices = [], count } of ofHalf) {
      expect(slices.length % 3).toBe(0);
      for (let i = 0; i < slices.length; i += 3) {
        expect(slices[i]).toBeLessThan(100);
        counted += slices[i + 1] ?? 0;
        failed += slices[i + 2] ?? 0;
      }
      expect(slices.length / 3).toBeGreaterThan(80);
      expect(count).toBeGreaterThan(900);
    }
    expect([counted, failed]).toEqual([2000, 200]);
  });

  it('has room for 1 000 counts, and says how many measurements found none', () => {
    const choose = chooser();
    const window = new PathWindow();
    for (let i = 0; i < 1500; i++) window.record('run', choose(`typo-${i}`), 'done', 1);
    window.compare('read', choose('typo-2000'), 'alike');
    window.record('run', choose('typo-0'), 'done', 1);
    window.record('run', choose('x'.repeat(101)), 'done', 1);
    window.record('run', { ...choose('a'), key: Symbol('a') as never }, 'done', 1);
    expect(window.read().paths).toHaveLength(1000);
    expect(window.read().paths[0]).toMatchObject({ flag: 'typo-0', count: 2 });
    expect(window.dropped).toBe(503);
    window.drain(() => true);
    expect(window.isEmpty).toBe(true);
    window.record('run', choose('typo-1400'), 'done', 1);
    expect(window.read().paths).toHaveLength(1);
  });

  it('is handed over in parts that fit a message, and keeps what was not taken', () => {
    const choose = chooser();
    const window = new PathWindow();
    // The longest that there can be, of characters that JSON escapes.
    const name = (i: number) => `${'\u0001'.repeat(90)}-${i}`;
    for (let i = 0; i < 1000; i++) {
      for (let ms = 1; ms < (i % 2 ? 2 : 20_000); ms *= 1.1) window.record('run', choose(name(i)), 'done', ms);
    }
    const batches: Batch[] = [];
    expect(window.drain((batch) => batches.push(batch) < 3)).toBe(false);
    expect(window.isEmpty).toBe(false);
    const [refused] = batches.splice(2);
    expect(window.drain((batch) => batches.push(batch) > 0)).toBe(true);
    expect(batches[2]).toEqual(refused);
    for (const batch of batches) expect(Buffer.byteLength(JSON.stringify(batch))).toBeLessThan(256 * 1024);
    const flags = batches.flatMap(({ paths }) => paths.map(({ flag }) => flag));
    expect(flags).toEqual(Array.from({ length: 1000 }, (_, i) => name(i)));
    expect(window.isEmpty).toBe(true);
  });

  it('counts comparisons by what was served', () => {
    const choose = chooser(onFlag('a'));
    const window = new PathWindow();
    for (const result of ['alike', 'different', 'alike', 'skipped'] as const)
      window.compare('read', choose('a'), result);
    window.compare('shadow', choose('a'), 'alike');
    expect(window.read().comparisons).toEqual([
      { flag: 'a', variant: 'on', path: 'read', compared: 3, mismatched: 1, skipped: 1 },
      { flag: 'a', variant: 'on', path: 'shadow', compared: 1, mismatched: 0, skipped: 0 },
    ]);
  });
});
