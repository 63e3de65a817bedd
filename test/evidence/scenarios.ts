import type { TestSpec, Window } from '@bunting/server';
import type { Random } from './draw.ts';
import { type Durations, time } from './durations.ts';
import { look, type Traffic } from './traffic.ts';

export interface Scenario {
  readonly name: string;
  readonly spec: TestSpec;
  readonly windows: (random: Random) => Iterable<Window>;
  /** How long it is watched, in seconds. */
  readonly seconds: number;
}

/** Nothing is harmed: who fails, fails falsely. */
export interface Harmless extends Scenario {
  /** The share of false alarms, alpha, that is accepted of 1 000 runs; undefined: it is only shown what is not to be used. */
  readonly goal: number | undefined;
}

export interface Harmful extends Scenario {
  /** When the harm begins, in seconds. */
  readonly from: number;
  /** What half of the runs should take no longer than: seconds from then on, or subjects. */
  readonly goal: number;
  /** Subjects a second, where they are what is counted. */
  readonly subjectsPerSecond?: number;
}

const WINDOW_MS = 5_000;
const SECONDS = 1_800;

const RELATIVE: TestSpec = { kind: 'relative_risk', alpha: 0.01, tolerance: 1 };
const STANDING: TestSpec = { ...RELATIVE, periodMs: 3_600_000 };
const BY_SUBJECT: TestSpec = { ...RELATIVE, unit: 'subjects' };
const PLACEBO: TestSpec = { kind: 'placebo_rank', alpha: 0.01 };
const PLACEBO_15S: TestSpec = { ...PLACEBO, stepMs: 15_000 };
const CRASH: TestSpec = { kind: 'crash', alpha: 0.01, atMost: 0.05 };
const CEILING: TestSpec = { kind: 'ceiling', alpha: 0.01, atMost: 0.01 };
const THRESHOLDS_MS = [75, 100, 150, 200, 300, 500, 1_000, 2_000];
const LATENCY: TestSpec = { kind: 'latency', alpha: 0.01, tolerance: 1, thresholdsMs: THRESHOLDS_MS };

/** 1 % and three standard deviations of a share of 1 000. */
const ONE_PERCENT = 0.01 + 3 * Math.sqrt((0.01 * 0.99) / 1_000);
const ONE_PER_MILLE = 0.001 + 3 * Math.sqrt((0.001 * 0.999) / 1_000);
const TWO_PERCENT = 0.02;

/** Both arms meet the same rate, which may change, as the share may. */
const alike = (perSecond: number, share: Traffic['share'], rate: Traffic['baseline'], burst = 1): Traffic => {
  return { perSecond, share, baseline: rate, candidate: rate, burst };
};
const always = (value: number) => () => value;

const QUIET: Readonly<Record<string, Traffic>> = {
  'share 5 %, 100/s, 0.1 %': alike(100, always(0.05), always(0.001)),
  'share 20 %, 100/s, 0.5 %': alike(100, always(0.2), always(0.005)),
  'share 20 %, 100/s, 2 %': alike(100, always(0.2), always(0.02)),
  'share 20 %, 100/s, outage of both: 0.2, 5 % for 5 min, 0.2 %': alike(100, always(0.2), (second) =>
    second >= 600 && second < 900 ? 0.05 : 0.002,
  ),
  'share 5, 20, 50 %, 100/s, 0.8, 0.3, 0.1 %': alike(
    100,
    (second) => [0.05, 0.2, 0.5][Math.floor(second / 600)] ?? 0.5,
    (second) => [0.008, 0.003, 0.001][Math.floor(second / 600)] ?? 0.001,
  ),
};

const watch = (name: string, spec: TestSpec, traffic: Traffic, windowMs = WINDOW_MS) => {
  return { name, spec, seconds: SECONDS, windows: (random: Random) => look(traffic, windowMs, random) };
};
const clock = (name: string, durations: Durations) => {
  return {
    ...{ name: `latency, 50/s, share 10 %, ${name}`, spec: LATENCY, seconds: 600 },
    windows: (random: Random) => time(durations, THRESHOLDS_MS, WINDOW_MS, random),
  };
};
const SMOOTH: Durations = { perSecond: 50, share: 0.1, factor: 1, stalls: 0 };
/** First exposures of a split; the share is what it really gives. */
const expose = (name: string, expected: number, share: number, perSecond = 500) => {
  const spec: TestSpec = { kind: 'sample_ratio', alpha: 0.001, expected };
  return watch(`sample ratio (alpha 0.1 %), ${name}`, spec, alike(perSecond, always(share), always(0)), 1_000);
};

export const HARMLESS: readonly Harmless[] = [
  ...Object.entries(QUIET).flatMap(([name, traffic]) => [
    { ...watch(`relative risk, ${name}`, RELATIVE, traffic), goal: ONE_PERCENT },
    { ...watch(`placebo rank, ${name}`, PLACEBO, traffic), goal: ONE_PERCENT },
    { ...watch(`crash, ${name}`, CRASH, traffic), goal: ONE_PERCENT },
  ]),
  {
    ...watch(
      'relative risk, looked at each second, share 20 %, 100/s, 0.5 %',
      RELATIVE,
      alike(100, always(0.2), always(0.005)),
      1_000,
    ),
    goal: ONE_PERCENT,
  },
  {
    ...watch(
      'relative risk standing (1 h), share 20 %, 100/s, 0.5 %',
      STANDING,
      alike(100, always(0.2), always(0.005)),
    ),
    goal: 1.5 * ONE_PERCENT,
  },
  { ...watch('ceiling 1 %, 100/s, 1 %', CEILING, alike(100, always(0.2), always(0.01))), goal: ONE_PERCENT },
  { ...clock('as fast', SMOOTH), goal: ONE_PERCENT },
  { ...expose('5 % are 5 %', 0.05, 0.05), goal: ONE_PER_MILLE },
  ...[1, 4, 8].flatMap((burst): Harmless[] => {
    const traffic = alike(250, always(0.1), always(0.001), burst);
    const name = `share 10 %, 250/s, 0.1 % in bursts of ${burst}`;
    return [
      { ...watch(`relative risk, ${name}`, RELATIVE, traffic), goal: burst === 1 ? ONE_PERCENT : undefined },
      { ...watch(`relative risk by subjects, ${name}`, BY_SUBJECT, traffic), goal: ONE_PERCENT },
      { ...watch(`placebo rank, ${name}`, PLACEBO, traffic), goal: TWO_PERCENT },
      { ...watch(`placebo rank of 15 s, ${name}`, PLACEBO_15S, traffic), goal: TWO_PERCENT },
      { ...watch(`crash, ${name}`, CRASH, traffic), goal: ONE_PERCENT },
    ];
  }),
  ...[
    { perSecond: 100, share: 0.05 },
    { perSecond: 1_000, share: 0.2 },
  ].flatMap(({ perSecond, share }): Harmless[] => {
    const traffic: Traffic = { ...alike(perSecond, always(share), always(0.001)), retriesFrom: 300 };
    const name = `share ${100 * share} %, ${perSecond}/s, 0.1 %, one subject fails each second from 300 s on`;
    return [
      { ...watch(`relative risk, ${name}`, RELATIVE, traffic), goal: undefined },
      { ...watch(`placebo rank, ${name}`, PLACEBO, traffic), goal: ONE_PERCENT },
      { ...watch(`crash, ${name}`, CRASH, traffic), goal: ONE_PERCENT },
    ];
  }),
];

/** A goal is a fifth more than this. */
const within = (median: number) => ({ from: 0, goal: 1.2 * median });

const worse = (perSecond: number, share: number, from: number, to: number, burst = 1): Traffic => {
  return { perSecond, share: always(share), baseline: always(from), candidate: always(to), burst };
};
const late = (second: number): Traffic => ({
  ...worse(100, 0.2, 0.001, 0.01),
  candidate: (at) => (at < second ? 0.001 : 0.01),
});

/** Medians that were measured with another implementation of the same formulas, or (rank) of a simpler test. */
export const HARMFUL: readonly Harmful[] = [
  {
    ...watch('relative risk, share 5 %, 100/s, 0.1 to 0.5 %', RELATIVE, worse(100, 0.05, 0.001, 0.005)),
    ...within(290),
  },
  { ...watch('relative risk, share 5 %, 100/s, 0.1 to 1 %', RELATIVE, worse(100, 0.05, 0.001, 0.01)), ...within(90) },
  { ...watch('relative risk, share 5 %, 100/s, 0.1 to 3 %', RELATIVE, worse(100, 0.05, 0.001, 0.03)), ...within(25) },
  { ...watch('relative risk, share 5 %, 100/s, 0.1 to 50 %', RELATIVE, worse(100, 0.05, 0.001, 0.5)), ...within(5) },
  {
    ...watch('relative risk, share 5 %, 1000/s, 0.1 to 1 %', RELATIVE, worse(1_000, 0.05, 0.001, 0.01)),
    ...within(10),
  },
  { ...watch('relative risk, share 5 %, 10/s, 0.1 to 5 %', RELATIVE, worse(10, 0.05, 0.001, 0.05)), ...within(140) },
  {
    ...watch('relative risk, share 20 %, 100/s, 0.1 to 0.3 %', RELATIVE, worse(100, 0.2, 0.001, 0.003)),
    ...within(290),
  },
  {
    ...watch('relative risk, share 50 %, 100/s, 0.1 to 0.2 %', RELATIVE, worse(100, 0.5, 0.001, 0.002)),
    ...within(595),
  },
  ...[
    [1, 25, 40],
    [4, 30, 245],
    [8, 50, 695],
  ].flatMap(([burst = 1, relative = 0, rank = 0]): Harmful[] => {
    const traffic = worse(250, 0.1, 0.001, 0.01, burst);
    const name = `share 10 %, 250/s, 0.1 to 1 % in bursts of ${burst}`;
    return [
      { ...watch(`relative risk, ${name}`, RELATIVE, traffic), ...within(relative) },
      { ...watch(`placebo rank, ${name}`, PLACEBO, traffic), ...within(rank) },
    ];
  }),
  {
    ...watch('crash, each second, share 5 %, 100/s, 0.1 to 50 %', CRASH, worse(100, 0.05, 0.001, 0.5), 1_000),
    ...within(2),
  },
  {
    ...watch('crash, each second, share 50 %, 100/s, 0.1 to 50 %', CRASH, worse(100, 0.5, 0.001, 0.5), 1_000),
    ...within(1),
  },
  ...[900, 3_000].map((second): Harmful => {
    const scenario = watch(
      `relative risk standing (1 h), from ${second} s on, share 20 %, 100/s, 0.1 to 1 %`,
      STANDING,
      late(second),
    );
    return { ...scenario, seconds: second + SECONDS, from: second, goal: 1.2 * 60 };
  }),
  { ...clock('25 % slower', { ...SMOOTH, factor: 1.25 }), ...within(115) },
  { ...clock('50 % slower', { ...SMOOTH, factor: 1.5 }), ...within(30) },
  { ...clock('1 % take 1.5 s more', { ...SMOOTH, stalls: 0.01 }), ...within(120) },
  { ...expose('5 % are 4.5 %', 0.05, 0.045), ...within(31_500), subjectsPerSecond: 500 },
  { ...expose('50 % are 47.5 %', 0.5, 0.475, 100), ...within(7_000), subjectsPerSecond: 100 },
  { ...expose('50 % are 49 %', 0.5, 0.49), ...within(41_500), subjectsPerSecond: 500 },
];
