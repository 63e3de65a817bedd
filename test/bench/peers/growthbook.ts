import { readFileSync } from 'node:fs';
import { GrowthBookClient, type UserContext } from '@growthbook/growthbook';
import type { Adapter } from '../adapter.ts';
import type { RuleSpec, Test } from '../data-set.ts';

/** `GrowthBookClient.isOn` with a payload given at start, no tracking. It has no "ends with": an anchored `$regex`. */
export const adapter: Adapter<UserContext> = {
  write({ flags, segments }) {
    return JSON.stringify({
      features: Object.fromEntries(
        flags.map((flag) => [
          flag.key,
          {
            defaultValue: flag.otherwisePercent === 100,
            rules: [
              ...(flag.prerequisite
                ? [{ parentConditions: [{ id: flag.prerequisite, condition: { value: true }, gate: true }] }]
                : []),
              ...flag.rules.map(ruleOf),
              ...(flag.otherwisePercent > 0 && flag.otherwisePercent < 100
                ? [ruleOf({ all: [], percent: flag.otherwisePercent })]
                : []),
            ],
          },
        ]),
      ),
      savedGroups: Object.fromEntries(segments.map((segment) => [segment.key, segment.ids])),
    });
  },

  async start(file) {
    const client = new GrowthBookClient();
    client.initSync({ payload: JSON.parse(readFileSync(file, 'utf8')) });
    return { isEnabled: (key, context) => client.isOn(key, context), stop: () => client.destroy() };
  },

  contextOf: (subject) => ({ attributes: { ...subject } }),
};

function ruleOf({ all, percent }: RuleSpec) {
  return {
    ...(all.length > 0 && { condition: Object.assign({}, ...all.map(conditionOf)) }),
    force: true,
    ...(percent < 100 && { coverage: percent / 100, hashAttribute: 'id' }),
  };
}

function conditionOf(test: Test) {
  if ('segment' in test) return { id: { $inGroup: test.segment } };
  if ('oneOf' in test) return { [test.attribute]: { $in: test.oneOf } };
  if ('equals' in test) return { [test.attribute]: test.equals };
  if ('endsWith' in test) return { [test.attribute]: { $regex: `${test.endsWith.replaceAll('.', '\\.')}$` } };
  return { [test.attribute]: { $vgte: test.atLeast } };
}
