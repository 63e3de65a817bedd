import { expect, test } from 'vitest';
import type { Flag } from '../model.ts';
import { compile } from '../ruleset.ts';
import { explain } from './explain.ts';

test('what every context has stands in for what a frozen one has as undefined, as in an evaluation', () => {
  const dutch = { attribute: 'country', operator: 'in', values: ['NL'] } as const;
  const flag: Flag = {
    key: 'f',
    type: 'boolean',
    variants: [
      { name: 'on', value: true },
      { name: 'off', value: false },
    ],
    enabled: true,
    offVariant: 'off',
    rules: [{ id: 'dutch', when: dutch, serve: { variant: 'on' } }],
    defaultRule: { variant: 'off' },
  };
  const revision = { incarnation: 'i', number: 1, hash: 'h' };
  const ruleset = compile({ revision, flags: [flag] }, { ambient: { country: 'NL' } });
  const context = Object.freeze({ country: undefined });
  expect(ruleset.evaluate('f', context).variant).toBe('on');
  expect(explain(ruleset, 'f', context).evaluation.variant).toBe('on');
});
