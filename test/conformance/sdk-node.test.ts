import type { EvaluationContext, FlagType, Json, Ruleset } from '@bunting/core';
import { connect, type EvaluationDetails, type Flags } from '@bunting/node';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Case, comparable, loadTopics } from './load.ts';
import { RulesetServer } from './ruleset-server.ts';

let server: RulesetServer;

beforeAll(async () => {
  // This machine's clock stands still, and is wrong: what the SDK goes by is the origin's, exactly.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2001, 1, 3) });
  server = await RulesetServer.start();
});

afterAll(async () => {
  await server.stop();
  vi.useRealTimers();
});

describe.each(loadTopics())('$name', ({ ruleset, cases }) => {
  /** One client for each moment and age that the cases speak of. */
  const clients = new Map<string, Flags>();
  const placeOf = ({ nowMs, contactAgeMs }: Case) => `${nowMs} ${contactAgeMs}`;

  beforeAll(async () => {
    for (const each of cases) {
      if (clients.has(placeOf(each))) continue;
      const sdkKey = server.offer(ruleset, each.nowMs ?? 0, each.contactAgeMs);
      clients.set(placeOf(each), connect({ url: server.url, sdkKey, logger: {} }));
    }
    for (const flags of clients.values()) expect((await flags.ready()).state).toBe('live');
  });

  afterAll(() => Promise.all([...clients.values()].map((flags) => flags.close())));

  test.each(cases)('$description', (each) => {
    const { flagKey, context, expected } = each;
    const flags = clients.get(placeOf(each));
    if (flags === undefined) return expect.unreachable('each moment has its client');
    const type = typeOf(flagKey, ruleset);
    const details = DETAILS[type](flags, flagKey, context);
    const isServed = details.errorCode === undefined;
    const answer = { ...details, value: isServed ? details.value : undefined, metadata: details.flagMetadata };
    expect(comparable(answer, expected)).toEqual(comparable(expected, expected));
    if (!isServed) expect(details.value).toBe(DEFAULTS[type]);
    if (type === 'boolean') expectEnabled(flags, flagKey, context, expected);
  });
});

/** The value when there is one, and otherwise the default, whichever it is. */
function expectEnabled(flags: Flags, key: string, context: EvaluationContext, { value }: Case['expected']): void {
  for (const defaultValue of [true, false]) {
    expect(flags.isEnabled(key, context, defaultValue)).toBe(value ?? defaultValue);
  }
}

const DEFAULTS = { boolean: false, string: 'the default', number: -0.125, object: ['the default'] } as const;

type Ask = (flags: Flags, key: string, context: EvaluationContext) => EvaluationDetails<Json>;

const DETAILS: Readonly<Record<FlagType, Ask>> = {
  boolean: (flags, key, context) => flags.getBooleanDetails(key, DEFAULTS.boolean, context),
  string: (flags, key, context) => flags.getStringDetails(key, DEFAULTS.string, context),
  number: (flags, key, context) => flags.getNumberDetails(key, DEFAULTS.number, context),
  object: (flags, key, context) => flags.getObjectDetails<Json>(key, DEFAULTS.object, context),
};

/** How to ask for a flag. Some are unknown or of no type that there is: then it does not matter. */
function typeOf(key: string, { flags }: Ruleset): FlagType {
  const type = flags.find((flag) => flag.key === key)?.type;
  return type !== undefined && Object.hasOwn(DETAILS, type) ? type : 'boolean';
}
