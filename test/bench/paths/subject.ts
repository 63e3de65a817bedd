import { type EvaluationContext, encode } from '@bunting/core';
import { connect, type Flags } from '@bunting/node';
import { makeHundredFlags, makeSubjects } from '../data-set.ts';
import { serveSnapshot } from '../origin.ts';
import { makeSnapshot } from '../ruleset.ts';
import { median, round } from '../statistics.ts';
import type { Measurement, Options, Outcome, Subject } from '../subject.ts';

const FLAG = 'half-rollout';
const MIGRATION = 'stages';
const BUDGET_NS = 1000;

/** What measuring adds to a call: each line next to the same written by hand, without measuring. */
export const paths: Subject = {
  name: 'paths',
  about: 'flags.run, shadow and migrate, next to the same branch written by hand: ns a call',

  async measure(options): Promise<Outcome> {
    const origin = await serveSnapshot(makeFrame());
    const flags = connect({ url: origin.url, sdkKey: 'bnt_srv_bench' });
    try {
      const { state, error } = await flags.ready({ timeoutMs: 60_000 });
      if (state !== 'live') throw error ?? new Error(`the SDK is ${state}, not live`);
      const measurements: Measurement[] = [];
      for (const line of makeLines(flags)) measurements.push(await compare(line, options));
      const notes = [
        'floor: isEnabled and a branch; for migrate the function itself',
        `the clock read twice: ${clockNs()} ns`,
      ];
      return { measurements, notes };
    } finally {
      await flags.close();
      origin.close();
    }
  },
};

/** The hundred flags, one of them again with slices, and a migration at stage `live`. */
function makeFrame(): string {
  const snapshot = makeSnapshot(makeHundredFlags());
  const half = snapshot.items.find(({ key }) => key === FLAG);
  const sliced = { ...JSON.parse(half?.json ?? ''), key: 'sliced', slices: true };
  const variants = ['off', 'dualWrite', 'shadow', 'live', 'rampDown', 'complete'].map((name) => ({
    name,
    value: name,
  }));
  const migration = {
    key: MIGRATION,
    type: 'string',
    variants,
    enabled: true,
    offVariant: 'off',
    defaultRule: { variant: 'rampDown' },
  };
  const more = [sliced, migration].map((flag) => ({
    kind: 'flag' as const,
    key: flag.key,
    json: JSON.stringify(flag),
  }));
  return encode({ ...snapshot, items: [...snapshot.items, ...more] });
}

interface Line {
  readonly name: string;
  readonly ours: Call;
  readonly byHand: Call;
}
type Call = (context: EvaluationContext) => number | Promise<number>;

function makeLines(flags: Flags): Line[] {
  const sides = { off: () => 1, on: () => 2 };
  const later = { off: () => Promise.resolve(1), on: () => Promise.resolve(2) };
  const shadow = { current: () => 1, candidate: () => 2 };
  const store = { old: () => Promise.resolve(1), new: () => Promise.resolve(2) };
  const migration = flags.migrate(MIGRATION, { read: store, write: store });
  const branch =
    (key: string): Call =>
    (context) =>
      flags.isEnabled(key, context) ? sides.on() : sides.off();
  return [
    { name: 'run, 50 % rollout', ours: (context) => flags.run(FLAG, context, sides), byHand: branch(FLAG) },
    {
      name: 'run, 50 % rollout with slices',
      ours: (context) => flags.run('sliced', context, sides),
      byHand: branch('sliced'),
    },
    {
      name: 'run, 50 % rollout, awaited',
      ours: async (context) => await flags.run(FLAG, context, later),
      byHand: async (context) => await (flags.isEnabled(FLAG, context) ? later.on() : later.off()),
    },
    { name: 'shadow, on or off', ours: (context) => flags.shadow(FLAG, context, shadow), byHand: branch(FLAG) },
    { name: 'migrate: a read of one store', ours: () => migration.read(), byHand: store.new },
    {
      name: 'migrate: a write to both',
      ours: async () => (await migration.write()).value,
      byHand: async () => (await store.new()) + (await store.old()),
    },
  ];
}

/** Both in turn, round by round. The first round only warms up. */
async function compare({ name, ours, byHand }: Line, { quick, say }: Options): Promise<Measurement> {
  say(`${name} ...`);
  const rounds = quick ? 3 : 9;
  const durationMs = quick ? 20 : 150;
  const oursNs: number[] = [];
  const byHandNs: number[] = [];
  for (let i = 0; i <= rounds; i++) {
    const pair = [await time(ours, durationMs), await time(byHand, durationMs)] as const;
    if (i === 0) continue;
    oursNs.push(pair[0]);
    byHandNs.push(pair[1]);
  }
  const figures = { ours: round(median(oursNs)), floor: round(median(byHandNs)), budget: BUDGET_NS };
  return { case: name, unit: 'ns/call', better: 'lower', ...figures };
}

const contexts = makeSubjects().map(
  ({ id, ...attributes }): EvaluationContext => ({ targetingKey: id, ...attributes }),
);

/** Nanoseconds a call, for about so long. No timer fires meanwhile, so all of it is one window. */
async function time(call: Call, durationMs: number): Promise<number> {
  const isAwaited = call(contexts[0] ?? {}) instanceof Promise;
  const startedMs = performance.now();
  let calls = 0;
  let sum = 0;
  while (performance.now() - startedMs < durationMs) {
    for (let i = 0; i < 1000; i++) {
      const context = contexts[calls++ % contexts.length] ?? {};
      sum += isAwaited ? await call(context) : (call(context) as number);
    }
  }
  const tookMs = performance.now() - startedMs;
  if (!(sum > 0)) throw new Error('nothing was answered');
  return (tookMs * 1e6) / calls;
}

function clockNs(): number {
  const startedMs = performance.now();
  for (let i = 0; i < 200_000; i++) performance.now();
  return Math.round(((performance.now() - startedMs) * 1e6) / 100_000);
}
