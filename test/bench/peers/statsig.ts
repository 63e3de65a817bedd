import { readFileSync } from 'node:fs';
import statsigModule, { type StatsigUser } from 'statsig-node';
import type { Adapter } from '../adapter.ts';
import type { RuleSpec, SegmentSpec, Test } from '../data-set.ts';

const statsig = statsigModule.default;

/**
 * Bootstrap values in local mode, exposure logging off in the call itself. A segment stands in the gate as its own
 * `unit_id` condition: its fastest form (the SDK keeps the list as a Set). Note that the SDK remembers the bucketing
 * hash of up to 100 000 subjects: on 10 000 of them its splits are look-ups.
 */
export const adapter: Adapter<StatsigUser> = {
  write({ flags, segments }) {
    return JSON.stringify({
      has_updates: true,
      time: 1,
      dynamic_configs: [],
      layer_configs: [],
      feature_gates: flags.map((flag) => ({
        name: flag.key,
        type: 'feature_gate',
        salt: flag.key,
        enabled: true,
        defaultValue: false,
        idType: 'userID',
        entity: 'feature_gate',
        rules: [
          ...flag.rules.map((rule, i) => ruleOf(`${flag.key}-${i}`, rule, segments)),
          ...(flag.otherwisePercent > 0
            ? [
                ruleOf(
                  `${flag.key}-otherwise`,
                  { all: [], percent: flag.otherwisePercent },
                  segments,
                  flag.prerequisite,
                ),
              ]
            : []),
        ],
      })),
    });
  },

  async start(file) {
    await statsig.initialize('secret-bench', {
      localMode: true,
      bootstrapValues: readFileSync(file, 'utf8'),
      disableDiagnostics: true,
      disableAllLogging: true,
      disableRulesetsSync: true,
      disableIdListsSync: true,
      initStrategyForIP3Country: 'none',
      initStrategyForIDLists: 'none',
    });
    return {
      isEnabled: (key, user) => statsig.checkGateWithExposureLoggingDisabledSync(user, key),
      stop: () => statsig.shutdown(),
    };
  },

  contextOf: ({ id, email, country, plan, version }) => ({
    userID: id,
    email,
    country,
    appVersion: version,
    custom: { plan },
  }),
};

function ruleOf(id: string, { all, percent }: RuleSpec, segments: readonly SegmentSpec[], prerequisite?: string) {
  const conditions = all.map((test) => conditionOf(test, segments));
  if (prerequisite) conditions.push(condition('pass_gate', null, null, prerequisite));
  if (conditions.length === 0) conditions.push(condition('public', null, null, null));
  return { name: id, id, salt: id, passPercentage: percent, returnValue: true, idType: 'userID', conditions };
}

function conditionOf(test: Test, segments: readonly SegmentSpec[]) {
  if ('segment' in test) {
    const ids = segments.find((segment) => segment.key === test.segment)?.ids ?? [];
    return condition('unit_id', null, 'any_case_sensitive', ids);
  }
  if ('oneOf' in test) return condition('user_field', 'country', 'any_case_sensitive', test.oneOf);
  if ('equals' in test) return condition('user_field', 'plan', 'eq', test.equals);
  if ('endsWith' in test) return condition('user_field', 'email', 'str_ends_with_any', [test.endsWith]);
  return condition('user_field', 'appVersion', 'version_gte', test.atLeast);
}

function condition(type: string, field: string | null, operator: string | null, targetValue: unknown) {
  return { type, field, operator, targetValue, additionalValues: {}, idType: 'userID', isDeviceBased: false };
}
