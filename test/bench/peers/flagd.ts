import { readFileSync } from 'node:fs';
import type { EvaluationContext } from '@openfeature/core';
import { FlagdCore } from '@openfeature/flagd-core';
import type { Adapter } from '../adapter.ts';
import type { FlagSpec, Test } from '../data-set.ts';

/** The evaluator itself, without a provider or client in front, targeting compiled by its engine (its default). */
export const adapter: Adapter<EvaluationContext> = {
  cannot: { 'with-prerequisite': 'flagd flags have no prerequisites' },

  write({ flags, segments }) {
    return JSON.stringify({
      flags: Object.fromEntries(
        flags.map((flag) => [
          flag.key,
          {
            state: 'ENABLED',
            variants: { on: true, off: false },
            defaultVariant: flag.otherwisePercent === 100 ? 'on' : 'off',
            ...targetingOf(flag),
          },
        ]),
      ),
      $evaluators: Object.fromEntries(
        segments.map((segment) => [segment.key, { in: [{ var: 'targetingKey' }, segment.ids] }]),
      ),
    });
  },

  async start(file) {
    const core = new FlagdCore();
    core.setConfigurations(readFileSync(file, 'utf8'));
    return {
      isEnabled: (key, context) => core.resolveBooleanEvaluation(key, false, context).value,
      stop() {},
    };
  },

  contextOf: ({ id, ...attributes }) => ({ targetingKey: id, ...attributes }),
};

function targetingOf(flag: FlagSpec) {
  const otherwise = served(flag.otherwisePercent);
  if (flag.rules.length === 0) return typeof otherwise === 'string' ? {} : { targeting: otherwise };
  const steps = flag.rules.flatMap((rule) => {
    const tests = rule.all.map(testOf);
    return [tests.length === 1 ? tests[0] : { and: tests }, served(rule.percent)];
  });
  return { targeting: { if: [...steps, otherwise] } };
}

function served(percent: number) {
  if (percent === 100) return 'on';
  if (percent === 0) return 'off';
  const split = [
    ['on', percent],
    ['off', 100 - percent],
  ];
  return { fractional: split };
}

function testOf(test: Test) {
  if ('segment' in test) return { $ref: test.segment };
  const attribute = { var: test.attribute };
  if ('oneOf' in test) return { in: [attribute, test.oneOf] };
  if ('equals' in test) return { '===': [attribute, test.equals] };
  if ('endsWith' in test) return { ends_with: [attribute, test.endsWith] };
  return { sem_ver: [attribute, '>=', test.atLeast] };
}
