import { init, type LDContext } from '@launchdarkly/node-server-sdk';
import { FileDataSourceFactory } from '@launchdarkly/node-server-sdk/integrations';
import type { Adapter } from '../adapter.ts';
import type { Test } from '../data-set.ts';

const on = 0;
const off = 1;

/** File data source, events off, awaited `boolVariation`. It has no "at least" for versions: a negated "less than". */
export const adapter: Adapter<LDContext> = {
  write({ flags, segments }) {
    return JSON.stringify({
      flags: Object.fromEntries(
        flags.map((flag) => [
          flag.key,
          {
            key: flag.key,
            version: 1,
            on: true,
            variations: [true, false],
            offVariation: off,
            salt: flag.key,
            prerequisites: flag.prerequisite ? [{ key: flag.prerequisite, variation: on }] : [],
            targets: [],
            rules: flag.rules.map((rule, i) => ({
              id: `${flag.key}-${i}`,
              clauses: rule.all.map(clauseOf),
              ...served(rule.percent),
            })),
            fallthrough: served(flag.otherwisePercent),
          },
        ]),
      ),
      segments: Object.fromEntries(
        segments.map((segment) => [
          segment.key,
          { key: segment.key, version: 1, included: segment.ids, excluded: [], rules: [], salt: segment.key },
        ]),
      ),
    });
  },

  async start(file) {
    const dataSource = new FileDataSourceFactory({ paths: [file] });
    const client = init('sdk-key', {
      updateProcessor: dataSource.getFactory(),
      sendEvents: false,
      diagnosticOptOut: true,
      logger: { error: console.error, warn() {}, info() {}, debug() {} },
    });
    await client.waitForInitialization({ timeout: 60 });
    return { isEnabled: (key, context) => client.boolVariation(key, context, false), stop: () => client.close() };
  },

  contextOf: ({ id, ...attributes }) => ({ kind: 'user', key: id, ...attributes }),
};

function served(percent: number) {
  if (percent === 100) return { variation: on };
  if (percent === 0) return { variation: off };
  const weight = percent * 1000;
  return {
    rollout: {
      variations: [
        { variation: on, weight },
        { variation: off, weight: 100_000 - weight },
      ],
    },
  };
}

function clauseOf(test: Test) {
  if ('segment' in test) return { op: 'segmentMatch', values: [test.segment], negate: false };
  const shared = { contextKind: 'user', attribute: test.attribute, negate: false };
  if ('oneOf' in test) return { ...shared, op: 'in', values: test.oneOf };
  if ('equals' in test) return { ...shared, op: 'in', values: [test.equals] };
  if ('endsWith' in test) return { ...shared, op: 'endsWith', values: [test.endsWith] };
  return { ...shared, op: 'semVerLessThan', values: [test.atLeast], negate: true };
}
