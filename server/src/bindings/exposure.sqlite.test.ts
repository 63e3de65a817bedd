import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SYSTEM } from '../audit/actor.ts';
import { ACTIONS, type Cause, type Request } from '../interventions/intervention.ts';
import { episodeOf, type SignalAlert } from '../signals/episode.ts';
import { startApp, type TestServer } from '../testing/start-app.ts';

const START_MS = Date.UTC(2030, 0, 1);
const PROJECT = '/projects/default';
const ENVIRONMENTS = ['production', 'development'] as const;
/** b wants `a` on and c wants it off; e wants a variant of d, whose safe variant is not its off variant. */
const FLAGS = ['a', 'b', 'c', 'd', 'e'] as const;
const COLOURS = ['red', 'green', 'blue'];

const CONTEXTS = Array.from({ length: 16 }, (_, at) => ({
  targetingKey: `user-${at}`,
  plan: at % 3 === 0 ? 'pro' : 'free',
}));

const flag = fc.constantFrom(...FLAGS);
const environment = fc.constantFrom(...ENVIRONMENTS);
const variant = (key: string) => (key === 'd' ? fc.constantFrom(...COLOURS) : fc.constantFrom('on', 'off'));
const weights = (key: string) =>
  fc.nat(100_000).map((weightPer100k) => {
    const [first, second] = key === 'd' ? ['green', 'blue'] : ['on', 'off'];
    return [
      { variant: first, weightPer100k },
      { variant: second, weightPer100k: 100_000 - weightPer100k },
    ];
  });

/** What people do in between: it may raise exposure. */
const setting = flag.chain((key) =>
  fc.record({
    kind: fc.constant('people' as const),
    key: fc.constant(key),
    environment,
    patch: fc.record({
      enabled: fc.boolean(),
      offVariant: variant(key),
      safeVariant: fc.option(variant(key)),
      rules: fc.option(
        fc
          .record({ serve: fc.record({ variant: variant(key) }) })
          .map(({ serve }) => [{ id: 'pro', when: { segment: 'pro' }, serve }]),
        { nil: [] },
      ),
    }),
    weights: weights(key),
    steps: fc.array(
      fc.record({ inMinutes: fc.integer({ min: 1, max: 9 }), weights: weights(key), linear: fc.boolean() }),
      {
        maxLength: 3,
      },
    ),
  }),
);
const rearm = fc.record({ kind: fc.constant('rearm' as const), key: flag, environment });
const resume = fc.record({ kind: fc.constant('resume' as const), key: flag, environment });
const wait = fc.record({ kind: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 6 }) });

/** What the module is given. */
const alert = fc.record({
  kind: fc.constant('alert' as const),
  status: fc.constantFrom('firing' as const, 'firing' as const, 'resolved' as const, 'unknown' as const),
  labels: fc.record(
    {
      severity: fc.constantFrom('page', 'ticket'),
      flag: fc.constantFrom(...FLAGS, 'nothing', 'NO KEY'),
      env: fc.constantFrom(...ENVIRONMENTS, 'nowhere'),
      action: fc.constantFrom(...ACTIONS, 'rearm', ''),
    },
    { requiredKeys: ['flag'] },
  ),
  episode: fc.nat(3),
  ageMs: fc.integer({ min: -60_000, max: 1_000_000 }),
  times: fc.integer({ min: 1, max: 3 }),
});
const ask = fc.record({
  kind: fc.constant('ask' as const),
  action: fc.constantFrom(...ACTIONS, 'kill' as const, 'pause' as const, 'pause' as const),
  mode: fc.constantFrom('armed' as const, 'armed' as const, 'dry_run' as const),
  cause: fc.constantFrom('signal' as const, 'safeguard' as const),
  id: fc.nat(1),
  targets: fc.array(fc.record({ environment, flag: fc.constantFrom(...FLAGS, 'nothing') }), { maxLength: 4 }),
  ageMs: fc.integer({ min: -60_000, max: 1_000_000 }),
  maxKillsPerHour: fc.integer({ min: 1, max: 4 }),
});
const lift = fc.record({ kind: fc.constant('lift' as const), cause: ask.map(({ cause }) => cause), id: fc.nat(1) });

const step = fc.oneof(
  { weight: 5, arbitrary: alert },
  { weight: 5, arbitrary: ask },
  { weight: 3, arbitrary: lift },
  { weight: 3, arbitrary: setting },
  { weight: 1, arbitrary: rearm },
  { weight: 1, arbitrary: resume },
  { weight: 2, arbitrary: wait },
);

type Step = Parameters<Parameters<typeof step.map>[0]>[0];
type Setting = Parameters<Parameters<typeof setting.map>[0]>[0];

const ON = (weightPer100k: number) => [
  { variant: 'on', weightPer100k },
  { variant: 'off', weightPer100k: 100_000 - weightPer100k },
];
const patch = { enabled: true, offVariant: 'off', safeVariant: null, rules: [] };
const people = { kind: 'people', environment: 'production', patch } as const;

/** One that is always played: \`a\` grows to everyone, and \`c\`, which wants it off, is on. */
const STAGE: Setting[] = [
  { ...people, key: 'a', weights: ON(50_000), steps: [{ inMinutes: 5, weights: ON(100_000), linear: false }] },
  { ...people, key: 'b', weights: ON(100_000), steps: [] },
  { ...people, key: 'c', weights: ON(100_000), steps: [] },
];
const asked = { kind: 'ask', mode: 'armed', cause: 'signal', id: 0, ageMs: 0, maxKillsPerHour: 1 } as const;
const production = (...flags: (typeof FLAGS)[number][]) =>
  flags.map((flag) => ({ environment: 'production', flag }) as const);
const PLAY: Step[] = [
  { ...asked, action: 'pause', targets: production('a') },
  { kind: 'wait', minutes: 6 },
  { kind: 'lift', cause: 'signal', id: 0 },
  { ...asked, action: 'kill', mode: 'dry_run', targets: production('a') },
  { ...asked, action: 'kill', targets: production('a', 'b') },
  { ...asked, action: 'kill', targets: production('a') },
];

test('no sequence of signals and verdicts exposes anyone to anything, nor ends a kill', async () => {
  const clock = { ms: START_MS };
  const server = await startApp({ now: () => clock.ms });
  await prepare(server);
  const { app, call } = server;
  const { kills, ramps, targeting, interventions, bindings, sourceBook } = app.bunting;
  const source = sourceBook.get('prom');
  if (source === undefined) throw new Error('there is no source');
  const seen = new Set<string>();
  let run = 0;

  await fc.assert(
    fc.asyncProperty(
      fc.array(setting, { minLength: 6, maxLength: 10 }),
      fc.array(step, { maxLength: 14 }),
      async (first, steps) => {
        run += 1;
        clock.ms += 2 * 3_600_000;
        for (const { environmentId } of [...app.bunting.rulesets.all()]) {
          for (const key of kills.engagedIn(environmentId)) {
            for (const environment of ENVIRONMENTS) {
              await kills.rearm(SYSTEM, { project: 'default', environment, flag: key }, 'again').catch(() => {});
            }
          }
        }
        for (const each of [...first, ...steps]) {
          const before = look(server, clock.ms);
          switch (each.kind) {
            case 'people': {
              const place = `${PROJECT}/flags/${each.key}/environments/${each.environment}`;
              await call('PATCH', place, each.patch);
              const coming = [...each.steps].sort((a, b) => a.inMinutes - b.inMinutes);
              const edits = [
                { kind: 'setRollout', weights: each.weights },
                {
                  kind: 'setSchedule',
                  steps: coming
                    .filter((one, at) => one.inMinutes !== coming[at - 1]?.inMinutes)
                    .map(({ inMinutes, weights, linear }, at) => ({
                      ...{ atMs: clock.ms + inMinutes * 60_000, weights },
                      ...(linear && at > 0 ? { linear } : {}),
                    })),
                },
              ];
              await targeting
                .edit(SYSTEM, { project: 'default', environment: each.environment, flag: each.key }, edits as never)
                .catch(() => {});
              continue;
            }
            case 'rearm':
            case 'resume': {
              const place = { project: 'default', environment: each.environment, flag: each.key };
              const done = each.kind === 'rearm' ? kills.rearm(SYSTEM, place, 'x') : ramps.resume(SYSTEM, place, 'x');
              await done.catch(() => {});
              continue;
            }
            case 'wait':
              clock.ms += each.minutes * 60_000;
              continue;
            case 'alert': {
              const fingerprint = `${run} ${each.episode}`;
              const startsAtMs = clock.ms - each.ageMs;
              const sent: SignalAlert = {
                ...{ sourceId: source.id, source: 'prom', vendor: 'alertmanager', fingerprint, startsAtMs },
                ...{ episode: episodeOf(source.id, fingerprint, ''), status: each.status, occurredAtMs: clock.ms },
                ...{ receivedAtMs: clock.ms, deliveryId: 'd', labels: each.labels, annotations: {} },
              };
              const taken = await Promise.all(Array.from({ length: each.times }, () => bindings.take(source, sent)));
              for (const { outcomes } of taken.flat())
                for (const { action, result } of outcomes) seen.add(`${action} ${result}`);
              break;
            }
            case 'ask': {
              const cause = causeOf(each.cause, each.id, clock.ms - each.ageMs);
              const targets = each.targets.map((target) => ({ project: 'default', ...target }));
              const limits = { maxKillsPerHour: each.maxKillsPerHour, coolDownMs: 60_000 };
              const request: Request = { cause, action: each.action, mode: each.mode, targets, limits };
              for (const { action, result } of await interventions.act(request)) seen.add(`${action} ${result}`);
              break;
            }
            case 'lift': {
              const targets = ENVIRONMENTS.flatMap((environment) =>
                FLAGS.map((flag) => ({ project: 'default', environment, flag })),
              );
              const lifted = await interventions.lift(causeOf(each.cause, each.id, clock.ms), targets);
              for (const { action, result } of lifted) seen.add(`${action} ${result}`);
            }
          }
          refuseMore(before, look(server, clock.ms));
        }
      },
    ),
    // Shrinking would run the server for minutes.
    { numRuns: 50, endOnFailure: true, examples: [[STAGE, PLAY]] },
  );
  // It has seen the module at work.
  const work = ['kill acted', 'kill already', 'kill rate_limited', 'kill would_have', 'pause acted', 'pause lifted'];
  expect([...seen]).toEqual(expect.arrayContaining(work));
}, 300_000);

async function prepare({ call }: TestServer): Promise<void> {
  for (const key of FLAGS) {
    const variants =
      key === 'd' ? { variants: COLOURS.map((name) => ({ name, value: name })), type: 'string' } : { type: 'boolean' };
    await call('POST', `${PROJECT}/flags`, { key, ...variants, tags: key === 'a' || key === 'd' ? ['shop'] : [] });
  }
  for (const environment of ENVIRONMENTS) {
    const when = { attribute: 'plan', operator: 'in', values: ['pro'] };
    await call('PUT', `${PROJECT}/environments/${environment}/segments/pro`, { when });
    const wants = (key: string, flag: string, variants: string[]) =>
      call('PATCH', `${PROJECT}/flags/${key}/environments/${environment}`, { prerequisites: [{ flag, variants }] });
    for (const answer of [
      await wants('b', 'a', ['on']),
      await wants('c', 'a', ['off']),
      await wants('e', 'd', ['red', 'blue']),
    ]) {
      expect(answer.status).toBe(200);
    }
  }
  await call('POST', '/signal-sources', {
    ...{ key: 'prom', name: 'Prometheus', vendor: 'alertmanager', mode: 'armed', allow: { action: 'kill' } },
  });
  const byLabel = { flags: { label: 'flag' }, environments: { label: 'env' } };
  const rules = [
    { match: [{ label: 'severity', equals: 'page' }], targets: byLabel, action: 'kill', coolDownSeconds: 0 },
    { match: [{ label: 'severity', equals: 'ticket' }], targets: byLabel, action: 'pause' },
    {
      match: [{ label: 'flag', matches: '^[ab]' }],
      targets: { flags: { tag: 'shop' }, environments: { keys: ['production'] } },
      action: 'kill',
      maxKillsPerHour: 1,
    },
    { match: [{ label: 'flag', present: true }], targets: byLabel, action: 'kill', mode: 'dry_run' },
  ];
  for (const [at, rule] of rules.entries()) {
    const { status } = await call('POST', `${PROJECT}/bindings`, {
      key: `binding-${at}`,
      source: 'prom',
      mode: 'armed',
      ...rule,
    });
    expect(status).toBe(201);
  }
}

function causeOf(kind: Cause['kind'], id: number, detectedAtMs: number): Cause {
  const actor = { kind: kind === 'safeguard' ? 'safeguard' : 'signal', id: `${kind}-${id}`, name: 'X' } as const;
  return { kind, id: `${kind}-${id}`, name: 'X', actor, summary: 'errors', detectedAtMs };
}

/** What everyone is served, and what is killed. */
interface Sight {
  readonly served: ReadonlyMap<string, string | undefined>;
  readonly safe: ReadonlyMap<string, string>;
  readonly killed: readonly string[];
}

function look({ app }: TestServer, nowMs: number): Sight {
  const { rulesets, ofrep } = app.bunting;
  const served = new Map<string, string | undefined>();
  const safe = new Map<string, string>();
  const killed: string[] = [];
  for (const environment of ENVIRONMENTS) {
    const ruleset = rulesets.named('default', environment);
    if (ruleset === undefined) throw new Error(`there is no ${environment}`);
    const compiled = ofrep.compiled.get(ruleset);
    for (const key of FLAGS) {
      const { offVariant, safeVariant = offVariant } = JSON.parse(ruleset.item('flag', key)?.json ?? '{}');
      for (const context of CONTEXTS) {
        const name = `${environment} ${key} ${context.targetingKey}`;
        served.set(name, compiled.evaluate(key, context, nowMs).variant);
        safe.set(name, safeVariant);
      }
    }
    for (const { flag, engaged } of ruleset.kills) if (engaged) killed.push(`${environment} ${flag}`);
  }
  return { served, safe, killed };
}

/** Whoever is served something else than before is served the safe variant. What was killed is. */
function refuseMore(before: Sight, after: Sight): void {
  const more = [...after.served].filter(
    ([name, variant]) => variant !== before.served.get(name) && variant !== after.safe.get(name),
  );
  expect(more).toEqual([]);
  expect(after.killed).toEqual(expect.arrayContaining([...before.killed]));
}
