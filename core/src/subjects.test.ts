import { describe, expect, it } from 'vitest';
import type { EvaluationContext, Flag, Split } from './model.ts';
import { compile } from './ruleset.ts';

const half: Split = { ranges: [{ variant: 'on', from: 0, to: 50_000 }] };

function flagWith(parts: Partial<Flag>): Flag {
  return {
    key: 'f',
    type: 'boolean',
    variants: [
      { name: 'on', value: true },
      { name: 'off', value: false },
    ],
    enabled: true,
    offVariant: 'off',
    defaultRule: { split: half },
    ...parts,
  };
}

function rulesetOf(flag: Flag, ambient?: EvaluationContext) {
  return compile({ revision: { incarnation: 'i', number: 1, hash: 'h' }, flags: [flag] }, { ambient });
}

function subjectOf(flag: Flag, context: EvaluationContext, ambient?: EvaluationContext): string | undefined {
  const ruleset = rulesetOf(flag, ambient);
  return ruleset.subjectsOf('f', ruleset.evaluate('f', context)).read(context);
}

describe('the subject of an outcome', () => {
  it('is what the split hashed', () => {
    const byOrg = flagWith({ defaultRule: { split: { ...half, by: 'org.id' } } });
    expect(subjectOf(byOrg, { targetingKey: 'ann', org: { id: 7 } })).toBe('7');
    expect(subjectOf(flagWith({}), { targetingKey: 'ann' })).toBe('ann');
    const byDeploy = flagWith({ defaultRule: { split: { ...half, by: 'deploy.version' } } });
    expect(subjectOf(byDeploy, { targetingKey: 'ann' }, { deploy: { version: '1.2' } })).toBe('1.2');
  });

  it('is what the split of the rule that decided hashed', () => {
    const when = { attribute: 'country', operator: 'in', values: ['NO'] } as const;
    const flag = flagWith({ rules: [{ id: 'r', when, serve: { split: { ...half, by: 'org' } } }] });
    expect(subjectOf(flag, { targetingKey: 'ann', country: 'NO', org: 'acme' })).toBe('acme');
    expect(subjectOf(flag, { targetingKey: 'ann', country: 'SE', org: 'acme' })).toBe('ann');
  });

  it('is the targeting key where no split decided, and nobody where there is none', () => {
    const plain = flagWith({ defaultRule: { variant: 'on' } });
    expect(subjectOf(plain, { targetingKey: 'ann' })).toBe('ann');
    expect(subjectOf(plain, {})).toBeUndefined();
    expect(subjectOf(plain, { targetingKey: '' })).toBeUndefined();
  });

  it('is nobody when the context cannot be read', () => {
    const ruleset = rulesetOf(flagWith({}));
    const subjects = ruleset.subjectsOf('f', ruleset.evaluate('f', { targetingKey: 'ann' }));
    const throwing = new Proxy(
      {},
      {
        get: () => {
          throw new Error('get');
        },
      },
    );
    for (const context of [throwing, null, 'ann', undefined]) expect(subjects.read(context as never)).toBeUndefined();
  });
});

describe('slices', () => {
  const users = Array.from({ length: 20_000 }, (_, i) => `user-${i}`);
  const ruleset = rulesetOf(flagWith({ slices: true, bucketKey: 'checkout' }));
  const sliceOf = (user: string) => {
    const outcome = ruleset.evaluate('f', { targetingKey: user });
    return { isOn: outcome.value === true, slice: ruleset.subjectsOf('f', outcome).sliceOf?.(user) ?? -1 };
  };

  it('are only there where the flag asks for them', () => {
    const without = rulesetOf(flagWith({}));
    const outcome = without.evaluate('f', { targetingKey: 'ann' });
    expect(without.subjectsOf('f', outcome).sliceOf).toBeUndefined();
    const whole = rulesetOf(flagWith({ slices: true, defaultRule: { variant: 'on' } }));
    expect(whole.subjectsOf('f', whole.evaluate('f', {})).sliceOf).toBeUndefined();
  });

  it('are 100, about alike in size, and say nothing about the variant', () => {
    const counts = new Map<number, { all: number; on: number }>();
    for (const user of users) {
      const { isOn, slice } = sliceOf(user);
      const count = counts.get(slice) ?? { all: 0, on: 0 };
      counts.set(slice, { all: count.all + 1, on: count.on + (isOn ? 1 : 0) });
    }
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    // 200 in each on average, half of them on: 6 standard deviations.
    for (const { all, on } of counts.values()) {
      expect(Math.abs(all - 200)).toBeLessThan(6 * Math.sqrt(200));
      expect(Math.abs(on - all / 2)).toBeLessThan(6 * Math.sqrt(all / 4));
    }
  });

  it('are another lot for another flag', () => {
    const other = rulesetOf(flagWith({ slices: true, bucketKey: 'search' }));
    const same = users.filter((user) => {
      const outcome = other.evaluate('f', { targetingKey: user });
      return other.subjectsOf('f', outcome).sliceOf?.(user) === sliceOf(user).slice;
    });
    expect(same.length / users.length).toBeLessThan(0.02);
  });
});

describe('first exposures', () => {
  const firstsOf = (flag: Flag) => {
    const ruleset = rulesetOf(flag);
    return ruleset.subjectsOf('f', ruleset.evaluate('f', { targetingKey: 'ann' })).firsts;
  };

  it('are hashed anew for each state of a split, where the flag has slices', () => {
    const flag = flagWith({ slices: true });
    const [one, again] = [firstsOf(flag), firstsOf({ ...flag })];
    expect([again?.mark, again?.hash('ann')]).toEqual([one?.mark, one?.hash('ann')]);
    const more: Split = { ranges: [{ variant: 'on', from: 0, to: 60_000 }] };
    const changed = firstsOf({ ...flag, defaultRule: { split: more } });
    expect(changed?.mark).not.toBe(one?.mark);
    expect(changed?.hash('ann')).not.toBe(one?.hash('ann'));
    expect(firstsOf(flagWith({}))).toBeUndefined();
    expect(firstsOf(flagWith({ slices: true, defaultRule: { variant: 'on' } }))).toBeUndefined();
  });

  it('have hashes that say nothing about the variant', () => {
    const ruleset = rulesetOf(flagWith({ slices: true }));
    const firsts = firstsOf(flagWith({ slices: true }));
    let [low, on] = [0, 0];
    for (let at = 0; at < 20_000; at++) {
      const targetingKey = `user-${at}`;
      if ((firsts?.hash(targetingKey) ?? 0) >= 2 ** 30) continue;
      low += 1;
      if (ruleset.evaluate('f', { targetingKey }).variant === 'on') on += 1;
    }
    // Six standard deviations.
    expect(Math.abs(low - 5_000)).toBeLessThan(370);
    expect(Math.abs(on - low / 2)).toBeLessThan(212);
  });
});
