import { BUCKET_COUNT } from '@bunting/core';
import { type Static, Type } from '@sinclair/typebox';
import { checkRuntime, HaproxyName, HaproxyRuntime, RuntimeAddress } from './haproxy-runtime.ts';
import { countUp, findBackend, readStats, toCounts } from './haproxy-stats.ts';
import { trafficKind } from './kind.ts';
import {
  type TrafficCapabilities,
  type TrafficCounts,
  type TrafficDesired,
  TrafficError,
  type TrafficObserved,
  type TrafficTarget,
} from './traffic-target.ts';

const Servers = Type.Array(HaproxyName, { minItems: 1, maxItems: 200, uniqueItems: true });
const Settings = Type.Object(
  { runtime: RuntimeAddress, backend: HaproxyName, candidate: Servers, baseline: Servers },
  { additionalProperties: false },
);
type Settings = Static<typeof Settings>;

const MAX_WEIGHT = 256;
/** Steps that weights may be set in, in 1/100 000: everyone is a whole number of each. */
const STEPS = [1_000, 2_000, 5_000, 10_000, 20_000];

/** Weights of servers in one backend, where its configuration cannot be changed: each request is thrown for anew. */
export const haproxyWeights = trafficKind({
  kind: 'haproxy_weights',
  settings: Settings,
  check({ runtime, candidate, baseline }, means) {
    const both = candidate.filter((name) => baseline.includes(name));
    const problems = checkRuntime(runtime, means);
    if (both.length > 0)
      problems.push({ path: 'candidate', message: `must not be in baseline as well: ${both.join(', ')}` });
    return problems;
  },
  open: (settings, _secrets, means) => new HaproxyWeights(settings, new HaproxyRuntime(settings.runtime, means)),
});

class HaproxyWeights implements TrafficTarget {
  readonly capabilities: TrafficCapabilities;
  readonly #settings: Settings;
  readonly #runtime: HaproxyRuntime;

  constructor(settings: Settings, runtime: HaproxyRuntime) {
    this.#settings = settings;
    this.#runtime = runtime;
    const least = shareOf({ candidate: 1, baseline: MAX_WEIGHT }, settings);
    const most = shareOf({ candidate: MAX_WEIGHT, baseline: 1 }, settings);
    this.capabilities = {
      // Commands go server by server; nobody is kept on a side; who died leaves its last weights.
      ...{ atomic: false, sticky: false, lease: false, drain: true, shadow: false, fenced: false },
      // Of a step's multiples each is met with less than half a step between: that is as much as lies between two shares.
      granularityPer100k: STEPS.find((step) => step > Math.max(least, BUCKET_COUNT - most)) ?? BUCKET_COUNT / 2,
    };
  }

  async read(signal: AbortSignal): Promise<TrafficObserved> {
    const { servers } = findBackend(await readStats(this.#runtime, signal), this.#settings.backend);
    const weights = await this.#weights(signal);
    const of = (names: readonly string[]) => names.map((name) => weights.get(name) ?? 0);
    const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
    const [candidate, baseline] = [of(this.#settings.candidate), of(this.#settings.baseline)].map(sum);
    const total = (candidate ?? 0) + (baseline ?? 0);
    const up = (names: readonly string[]) =>
      countUp(servers.filter((line) => names.includes(line.get('svname') ?? '')));
    return {
      ...(total === 0
        ? { problem: 'All servers have weight 0: nobody is served. Set a weight.' }
        : { candidatePer100k: Math.round(((candidate ?? 0) / total) * BUCKET_COUNT) }),
      up: { candidate: up(this.#settings.candidate), baseline: up(this.#settings.baseline) },
    };
  }

  async apply({ candidatePer100k }: TrafficDesired, _fence: number, signal: AbortSignal): Promise<void> {
    const { backend, candidate, baseline } = this.#settings;
    const weights = toWeights(candidatePer100k, this.#settings);
    const of = (names: readonly string[], weight: number) => names.map((name) => ({ name, weight }));
    const [from, to] = [of(candidate, weights.candidate), of(baseline, weights.baseline)];
    // Who gets more comes first, so that there is always someone to serve.
    const ordered = candidatePer100k * 2 > BUCKET_COUNT ? [...from, ...to] : [...to, ...from];
    // A weight in percent would be one of what the configuration says.
    for (const { name, weight } of ordered)
      await this.#runtime.tell(`set server ${backend}/${name} weight ${weight}`, signal);
  }

  async count(signal: AbortSignal): Promise<TrafficCounts> {
    const { servers } = findBackend(await readStats(this.#runtime, signal), this.#settings.backend);
    const of = (names: readonly string[]) =>
      toCounts(servers.filter((line) => names.includes(line.get('svname') ?? '')));
    return { candidate: of(this.#settings.candidate), baseline: of(this.#settings.baseline) };
  }

  async close(): Promise<void> {}

  /** By server. @throws {TrafficError} `refused` when one of ours is not there */
  async #weights(signal: AbortSignal): Promise<ReadonlyMap<string, number>> {
    const { backend, candidate, baseline } = this.#settings;
    const [, header = '', ...rows] = (await this.#runtime.ask(`show servers state ${backend}`, signal))
      .trim()
      .split('\n');
    const names = header.replace(/^# /, '').split(' ');
    const [name, weight] = [names.indexOf('srv_name'), names.indexOf('srv_uweight')];
    const weights = new Map(
      rows.map((row) => row.split(' ')).map((cells): [string, number] => [cells[name] ?? '', Number(cells[weight])]),
    );
    const missing = [...candidate, ...baseline].find((server) => !weights.has(server));
    if (missing === undefined) return weights;
    throw new TrafficError('refused', `HAProxy's backend "${backend}" has no server "${missing}": correct the name.`);
  }
}

interface Weights {
  readonly candidate: number;
  readonly baseline: number;
}

/** Of each server of a side: those that come closest, the largest of them, which divide most evenly. */
function toWeights(per100k: number, settings: Settings): Weights {
  if (per100k === 0) return { candidate: 0, baseline: MAX_WEIGHT };
  if (per100k === BUCKET_COUNT) return { candidate: MAX_WEIGHT, baseline: 0 };
  let best: Weights = { candidate: 1, baseline: MAX_WEIGHT };
  const distance = (weights: Weights) => Math.abs(shareOf(weights, settings) - per100k);
  for (let candidate = 1; candidate <= MAX_WEIGHT; candidate++) {
    const ideal =
      (candidate * settings.candidate.length * (BUCKET_COUNT - per100k)) / (per100k * settings.baseline.length);
    const baseline = Math.min(MAX_WEIGHT, Math.max(1, Math.round(ideal)));
    if (distance({ candidate, baseline }) <= distance(best)) best = { candidate, baseline };
  }
  return best;
}

/** What these weights give the candidate, in 1/100 000. */
function shareOf(weights: Weights, settings: Settings): number {
  const candidate = weights.candidate * settings.candidate.length;
  return (candidate / (candidate + weights.baseline * settings.baseline.length)) * BUCKET_COUNT;
}
