import { readFileSync } from 'node:fs';
import { getClient, type IUser, PollingMode } from '@configcat/sdk';
import type { Adapter } from '../adapter.ts';
import type { RuleSpec, Test } from '../data-set.ts';

// Numbers of the config format: comparators, segment and prerequisite comparators, and the boolean setting type.
const textIsOneOf = 0;
const semVerAtLeast = 9;
const textEquals = 28;
const textEndsWith = 32;
const isInSegment = 0;
const prerequisiteEquals = 0;
const booleanType = 0;

/**
 * A kept `snapshot()` and its synchronous `getValue`, offline, from the SDK's own cache format. Comparators are the
 * cleartext ones: the hashed ones would cost it a SHA-256 each.
 */
export const adapter: Adapter<IUser> = {
  write({ flags, segments }) {
    const segmentIndexes = new Map(segments.map((segment, i) => [segment.key, i]));
    return JSON.stringify({
      p: { u: 'https://cdn-global.configcat.com', r: 0, s: 'salt' },
      s: segments.map((segment) => ({
        n: segment.key,
        r: [{ a: 'Identifier', c: textIsOneOf, l: segment.ids }],
      })),
      f: Object.fromEntries(
        flags.map((flag) => [
          flag.key,
          {
            t: booleanType,
            ...value(flag.otherwisePercent === 100 && !flag.prerequisite),
            r: [
              ...(flag.prerequisite
                ? [
                    {
                      c: [{ p: { f: flag.prerequisite, c: prerequisiteEquals, v: { b: true } } }],
                      s: value(true),
                    },
                  ]
                : []),
              ...flag.rules.map((rule) => ruleOf(rule, segmentIndexes)),
            ],
            ...(isSplit(flag.otherwisePercent) && { p: split(flag.otherwisePercent) }),
          },
        ]),
      ),
    });
  },

  async start(file) {
    const cached = `${Date.now()}\n"bench"\n${readFileSync(file, 'utf8')}`;
    const client = getClient('configcat-sdk-1/0000000000000000000000/0000000000000000000000', PollingMode.ManualPoll, {
      offline: true,
      cache: { get: () => cached, set() {} },
    });
    await client.waitForReady();
    const snapshot = client.snapshot();
    return { isEnabled: (key, user) => snapshot.getValue(key, false, user), stop: () => client.dispose() };
  },

  contextOf: ({ id, email, country, plan, version }) => ({ identifier: id, email, country, custom: { plan, version } }),
};

function ruleOf({ all, percent }: RuleSpec, segmentIndexes: ReadonlyMap<string, number>) {
  const c = all.map((test) =>
    'segment' in test
      ? { s: { s: segmentIndexes.get(test.segment), c: isInSegment } }
      : { u: { a: attributeNames[test.attribute], ...comparison(test) } },
  );
  return isSplit(percent) ? { c, p: split(percent) } : { c, s: value(percent === 100) };
}

const attributeNames = { country: 'Country', email: 'Email', plan: 'plan', version: 'version' };

function comparison(test: Exclude<Test, { segment: string }>) {
  if ('oneOf' in test) return { c: textIsOneOf, l: test.oneOf };
  if ('equals' in test) return { c: textEquals, s: test.equals };
  if ('endsWith' in test) return { c: textEndsWith, l: [test.endsWith] };
  return { c: semVerAtLeast, s: test.atLeast };
}

function isSplit(percent: number): boolean {
  return percent > 0 && percent < 100;
}

function split(percent: number) {
  return [
    { p: percent, ...value(true) },
    { p: 100 - percent, ...value(false) },
  ];
}

/** A served value; `i` is its variation id. */
function value(on: boolean) {
  return { v: { b: on }, i: on ? 'on' : 'off' };
}
