import { readFileSync } from 'node:fs';
import { createInstance } from '@featurevisor/sdk';
import type { Adapter } from '../adapter.ts';
import type { RuleSpec, Test } from '../data-set.ts';

type Context = Readonly<Record<string, string>>;

/** Datafile of schema version 2. A rule names segments, which hold the conditions, as the SDK's own build writes them. */
export const adapter: Adapter<Context> = {
  write({ flags, segments }) {
    const written: Record<string, { conditions: object[] }> = Object.fromEntries(
      segments.map((segment) => [
        segment.key,
        { conditions: [{ attribute: 'userId', operator: 'in', value: segment.ids }] },
      ]),
    );
    const features = Object.fromEntries(
      flags.map((flag) => [
        flag.key,
        {
          key: flag.key,
          bucketBy: 'userId',
          ...(flag.prerequisite && { required: [flag.prerequisite] }),
          traffic: [
            ...flag.rules.map((rule, i) => trafficOf(`${flag.key}-${i}`, rule, written)),
            { key: 'otherwise', segments: '*', percentage: flag.otherwisePercent * 1000 },
          ],
        },
      ]),
    );
    return JSON.stringify({ schemaVersion: '2', revision: '1', segments: written, features });
  },

  async start(file) {
    const instance = createInstance({ datafile: readFileSync(file, 'utf8'), logLevel: 'error' });
    return { isEnabled: (key, context) => instance.isEnabled(key, context), stop: () => instance.close() };
  },

  contextOf: ({ id, ...attributes }) => ({ userId: id, ...attributes }),
};

function trafficOf(key: string, rule: RuleSpec, written: Record<string, { conditions: object[] }>) {
  const named = rule.all.flatMap((test) => ('segment' in test ? [test.segment] : []));
  const conditions = rule.all.flatMap((test) => ('segment' in test ? [] : [conditionOf(test)]));
  if (conditions.length > 0) {
    written[key] = { conditions };
    named.push(key);
  }
  return { key, segments: named.length === 1 ? named[0] : named, percentage: rule.percent * 1000 };
}

function conditionOf(test: Exclude<Test, { segment: string }>) {
  const { attribute } = test;
  if ('oneOf' in test) return { attribute, operator: 'in', value: test.oneOf };
  if ('equals' in test) return { attribute, operator: 'equals', value: test.equals };
  if ('endsWith' in test) return { attribute, operator: 'endsWith', value: test.endsWith };
  return { attribute, operator: 'semverGreaterThanOrEquals', value: test.atLeast };
}
