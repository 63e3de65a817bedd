import { type Static, Type } from '@sinclair/typebox';
import { checkRuntime, HaproxyName, HaproxyRuntime, RuntimeAddress } from './haproxy-runtime.ts';
import { countUp, findBackend, readStats, toCounts } from './haproxy-stats.ts';
import { type Means, trafficKind } from './kind.ts';
import { readIfThere, replaceFile } from './replace-file.ts';
import {
  refuseStale,
  type TrafficCapabilities,
  type TrafficCounts,
  type TrafficDesired,
  TrafficError,
  type TrafficObserved,
  type TrafficTarget,
} from './traffic-target.ts';

const Settings = Type.Object(
  {
    runtime: RuntimeAddress,
    map: Type.String({
      ...HaproxyName,
      description: 'The map that its configuration reads the weight from, as named there',
    }),
    file: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 500,
        description: "The same map's file as this server sees it: written too, as HAProxy reads it when it is reloaded",
      }),
    ),
    backends: Type.Object({ candidate: HaproxyName, baseline: HaproxyName }, { additionalProperties: false }),
  },
  { additionalProperties: false },
);
type Settings = Static<typeof Settings>;

const CAPABILITIES: TrafficCapabilities = {
  ...{ atomic: true, sticky: true, lease: true, drain: true, shadow: false, fenced: true },
  granularityPer100k: 1,
};

/** Weight, fence and lease in one map of HAProxy, which are replaced together: deploy/haproxy has the configuration. */
export const haproxy = trafficKind({
  kind: 'haproxy',
  settings: Settings,
  check(settings, means) {
    const message = settings.file === undefined ? undefined : means.paths.problemOf(settings.file);
    return [...checkRuntime(settings.runtime, means), ...(message === undefined ? [] : [{ path: 'file', message }])];
  },
  open: (settings, _secrets, means) => new HaproxyMap(settings, means),
});

/** What the map holds. */
interface Entries {
  readonly candidate: number;
  readonly fence: number;
  /** Seconds since 1970; 0: for ever. */
  readonly until: number;
}

class HaproxyMap implements TrafficTarget {
  readonly capabilities = CAPABILITIES;
  readonly #settings: Settings;
  readonly #means: Means;
  readonly #runtime: HaproxyRuntime;

  constructor(settings: Settings, means: Means) {
    this.#settings = settings;
    this.#means = means;
    this.#runtime = new HaproxyRuntime(settings.runtime, means);
  }

  async read(signal: AbortSignal): Promise<TrafficObserved> {
    const { candidate, fence, until } = await this.#entries(signal);
    const problem = await this.#problemOfFile({ candidate, fence, until });
    const isOver = until > 0 && until * 1_000 <= this.#means.now();
    const sides = await this.#sides(signal);
    return {
      ...{ candidatePer100k: isOver ? 0 : candidate, fence },
      up: { candidate: countUp(sides.candidate.servers), baseline: countUp(sides.baseline.servers) },
      ...(problem === undefined ? {} : { problem }),
    };
  }

  async apply({ candidatePer100k, notAfterMs }: TrafficDesired, fence: number, signal: AbortSignal): Promise<void> {
    const { map, file } = this.#settings;
    refuseStale(fence, (await this.#entries(signal)).fence);
    const until = notAfterMs === undefined ? 0 : Math.max(1, Math.floor(notAfterMs / 1_000));
    const text = toText({ candidate: candidatePer100k, fence, until });
    const version = /^New version created: (\d+)$/m.exec(await this.#runtime.ask(`prepare map ${map}`, signal))?.[1];
    if (version === undefined)
      throw new TrafficError('refused', `HAProxy cannot prepare the map ${map}; it needs 2.4 or newer.`);
    try {
      await this.#runtime.tell(`add map @${version} ${map} <<\n${text}`, signal);
      await this.#runtime.tell(`commit map @${version} ${map}`, signal);
    } catch (error) {
      await this.#runtime.ask(`clear map @${version} ${map}`, signal).catch(() => {});
      throw error;
    }
    if (file !== undefined) await this.#keep(file, text);
  }

  async count(signal: AbortSignal): Promise<TrafficCounts> {
    const { candidate, baseline } = await this.#sides(signal);
    return { candidate: toCounts([candidate.total]), baseline: toCounts([baseline.total]) };
  }

  async close(): Promise<void> {}

  /** Of the files that may be written, only one that is ours. */
  async #keep(file: string, text: string): Promise<void> {
    const { paths } = this.#means;
    const before = await readIfThere(paths, file);
    if (before === undefined || parse(before) !== undefined) return replaceFile(paths, file, text);
    throw new TrafficError(
      'refused',
      `The weight is in force, but the file ${file} is no map that Bunting wrote, and stays: after a reload another weight would be.`,
    );
  }

  async #sides(signal: AbortSignal) {
    const { candidate, baseline } = this.#settings.backends;
    const lines = await readStats(this.#runtime, signal);
    return { candidate: findBackend(lines, candidate), baseline: findBackend(lines, baseline) };
  }

  async #entries(signal: AbortSignal): Promise<Entries> {
    const { map } = this.#settings;
    // `0x55d0a1 candidate 5000`
    const entries = parse((await this.#runtime.ask(`show map ${map}`, signal)).replace(/^0x\S+ /gm, ''));
    if (entries !== undefined) return entries;
    throw new TrafficError(
      'refused',
      `The map ${map} has no entries "candidate", "fence" and "until" with whole numbers: write "candidate 0", "fence 0" and "until 0" into its file and reload HAProxy.`,
    );
  }

  /** A reload takes what the file says. */
  async #problemOfFile(entries: Entries): Promise<string | undefined> {
    const { file } = this.#settings;
    if (file === undefined) return undefined;
    const kept = parse((await readIfThere(this.#means.paths, file)) ?? '');
    if (kept?.candidate === entries.candidate && kept.until === entries.until) return undefined;
    return `The file ${file} does not say what HAProxy does: after a reload it would do something else. Setting the weight anew writes it.`;
  }
}

function toText({ candidate, fence, until }: Entries): string {
  return `candidate ${candidate}\nfence ${fence}\nuntil ${until}\n`;
}

function parse(text: string): Entries | undefined {
  const values = new Map(
    text.split('\n').map((line): [string, number] => {
      const [key = '', value = ''] = line.trim().split(/\s+/);
      return [key, /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN];
    }),
  );
  const [candidate = Number.NaN, fence = Number.NaN, until = Number.NaN] = ['candidate', 'fence', 'until'].map((key) =>
    values.get(key),
  );
  return [candidate, fence, until].some(Number.isNaN) ? undefined : { candidate, fence, until };
}
