/** What a list of instances is narrowed to. Absent: not by that. An empty text asks for those that have none. */
export interface InstanceFilter {
  /** True: only those that lack the newest revision. False: only those that have it. */
  readonly behind?: boolean | undefined;
  readonly app?: string | undefined;
  /** The deployed version. */
  readonly version?: string | undefined;
  /** Its name, or its name and version: `bunting-node 1.2.0`. */
  readonly sdk?: string | undefined;
  /** Id of the key that let it in. */
  readonly key?: string | undefined;
  readonly relay?: string | undefined;
  /** A part, in any case, of the id, app, host, version or relay. */
  readonly search?: string | undefined;
}

/** As much of an instance as filters look at. */
interface Filtered {
  readonly id: string;
  readonly app?: string | null | undefined;
  readonly host?: string | null | undefined;
  readonly sdk: { readonly name: string; readonly version: string };
  readonly deploy?: { readonly version?: string | undefined } | null | undefined;
  readonly key: string | null | undefined;
  readonly relay: string | null | undefined;
  readonly isBehind: boolean;
}

export function isWanted({ sdk, ...instance }: Filtered, filter: InstanceFilter): boolean {
  const { behind, search } = filter;
  if (behind !== undefined && behind !== instance.isBehind) return false;
  const version = instance.deploy?.version;
  const fits = (wanted: string | undefined, is: string | null | undefined) => (wanted ?? is ?? '') === (is ?? '');
  if (!fits(filter.app, instance.app) || !fits(filter.version, version)) return false;
  if (!fits(filter.key, instance.key) || !fits(filter.relay, instance.relay)) return false;
  if (filter.sdk !== undefined && filter.sdk !== sdk.name && filter.sdk !== `${sdk.name} ${sdk.version}`) return false;
  if (search === undefined) return true;
  const text = search.toLowerCase();
  const { id, app, host, relay } = instance;
  return [id, app, host, version, relay].some((part) => part?.toLowerCase().includes(text));
}
