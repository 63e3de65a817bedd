import type { DataSet, Subject } from './data-set.ts';

/** How the bench drives one SDK. Each adapter is one file that exports `adapter`. */
export interface Adapter<Context = unknown> {
  /** Workloads, by flag key, that the SDK cannot express, each with the reason. */
  readonly cannot?: Readonly<Record<string, string>>;
  /** The data set in the SDK's own format: the text it would keep in a local file. */
  write(dataSet: DataSet): string;
  /** Starts the SDK on its fastest documented local path, telemetry off, from a file that `write` filled. */
  start(file: string): Promise<Started<Context>>;
  /** The subject in the SDK's own context shape. Built once, before anything is timed. */
  contextOf(subject: Subject): Context;
}

export interface Started<Context> {
  isEnabled(flagKey: string, context: Context): boolean | Promise<boolean>;
  stop(): void | Promise<void>;
}

/** Who is measured. `file` is the adapter's, beside this one; `packageName` is read for the version that is installed. */
export interface Contender {
  readonly name: string;
  readonly file: string;
  readonly packageName?: string;
}

export const bunting: Contender = { name: 'bunting', file: 'bunting.ts' };

/** What the machine can do: the same answers by hand without an SDK, and the two operations that no SDK gets around. */
export const floors = {
  byHand: { name: 'by-hand', file: 'floors/by-hand.ts' },
  mapGet: { name: 'map-get', file: 'floors/map-get.ts' },
  murmur: { name: 'murmur', file: 'floors/murmur.ts' },
} as const satisfies Record<string, Contender>;

export const peers: readonly Contender[] = [
  { name: 'flagd-core', file: 'peers/flagd.ts', packageName: '@openfeature/flagd-core' },
  { name: 'configcat', file: 'peers/configcat.ts', packageName: '@configcat/sdk' },
  { name: 'growthbook', file: 'peers/growthbook.ts', packageName: '@growthbook/growthbook' },
  { name: 'statsig-node', file: 'peers/statsig.ts', packageName: 'statsig-node' },
  { name: 'launchdarkly', file: 'peers/launchdarkly.ts', packageName: '@launchdarkly/node-server-sdk' },
  { name: 'featurevisor', file: 'peers/featurevisor.ts', packageName: '@featurevisor/sdk' },
  { name: 'unleash', file: 'peers/unleash.ts', packageName: 'unleash-client' },
];

/** Loads an adapter. By its name at run time: the peers' packages are installed only when something compares with them. */
export async function loadAdapter(file: string): Promise<Adapter> {
  const module: { adapter?: Adapter } = await import(new URL(file, import.meta.url).href);
  if (!module.adapter) throw new Error(`${file} exports no adapter`);
  return module.adapter;
}
