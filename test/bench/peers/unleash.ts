import { readFileSync } from 'node:fs';
import { type Context, InMemStorageProvider, initialize } from 'unleash-client';
import type { Adapter } from '../adapter.ts';
import type { RuleSpec, Test } from '../data-set.ts';

/**
 * Bootstrap data, no fetching, metrics off. A rule is a strategy with constraints, as the service stores it; `default`
 * is its on/off strategy, `flexibleRollout` its percentage.
 */
export const adapter: Adapter<Context> = {
  write({ flags, segments }) {
    const segmentIds = new Map(segments.map((segment, i) => [segment.key, i + 1]));
    return JSON.stringify({
      version: 2,
      features: flags.map((flag) => ({
        name: flag.key,
        type: 'release',
        enabled: true,
        ...(flag.prerequisite && { dependencies: [{ feature: flag.prerequisite, enabled: true }] }),
        strategies: [...flag.rules, { all: [], percent: flag.otherwisePercent }]
          .filter((rule) => rule.percent > 0)
          .map((rule) => strategyOf(flag.key, rule, segmentIds)),
      })),
      segments: segments.map((segment, i) => ({
        id: i + 1,
        constraints: [{ contextName: 'userId', operator: 'IN', inverted: false, values: segment.ids }],
      })),
    });
  },

  async start(file) {
    const { features, segments } = JSON.parse(readFileSync(file, 'utf8'));
    const client = initialize({
      appName: 'bench',
      url: 'http://127.0.0.1:9/',
      refreshInterval: 0,
      disableMetrics: true,
      storageProvider: new InMemStorageProvider(),
      bootstrap: { data: features, segments },
    });
    // Its one fetch at start is refused by the closed port; the bootstrap data stays.
    client.on('error', () => {});
    client.on('warn', () => {});
    await new Promise<void>((resolve) => client.once('ready', () => resolve()));
    return { isEnabled: (key, context) => client.isEnabled(key, context), stop: () => client.destroy() };
  },

  contextOf: ({ id, country, plan, email, version }) => ({ userId: id, properties: { country, plan, email, version } }),
};

function strategyOf(flagKey: string, rule: RuleSpec, segmentIds: ReadonlyMap<string, number>) {
  const constraints = rule.all.flatMap((test) => ('segment' in test ? [] : [constraintOf(test)]));
  const segments = rule.all.flatMap((test) => ('segment' in test ? [segmentIds.get(test.segment)] : []));
  return {
    ...(rule.percent === 100
      ? { name: 'default', parameters: {} }
      : {
          name: 'flexibleRollout',
          parameters: { rollout: String(rule.percent), stickiness: 'userId', groupId: flagKey },
        }),
    constraints,
    ...(segments.length > 0 && { segments }),
  };
}

function constraintOf(test: Exclude<Test, { segment: string }>) {
  const shared = { contextName: test.attribute, inverted: false, caseInsensitive: false };
  if ('oneOf' in test) return { ...shared, operator: 'IN', values: test.oneOf };
  if ('equals' in test) return { ...shared, operator: 'IN', values: [test.equals] };
  if ('endsWith' in test) return { ...shared, operator: 'STR_ENDS_WITH', values: [test.endsWith] };
  return { ...shared, operator: 'SEMVER_GTE', values: [], value: test.atLeast };
}
