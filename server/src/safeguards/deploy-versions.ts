import { compareVersions, parseVersion } from '@bunting/core';

/** A version of which nothing comes for so long is gone, in milliseconds. */
const GONE_MS = 5 * 60_000;
/** What is there when an environment is seen for the first time, or so soon after, was there before: in milliseconds. */
const BEFORE_MS = 60_000;
/** Of an environment; the one that was seen longest ago is forgotten. */
const MAX_VERSIONS = 50;

interface Seen {
  readonly firstMs: number;
  lastMs: number;
}

/** The newest version of a deploy that measures anything, and whether others run beside it. */
export interface Newest {
  readonly version: string;
  readonly hasOthers: boolean;
}

/**
 * Which version of the deploy is newest in each environment: the one that came last, as far as this server saw them come,
 * else the highest. Times: `performance.now()`.
 */
export class DeployVersions {
  readonly #environments = new Map<string, { readonly sinceMs: number; readonly seen: Map<string, Seen> }>();

  /** @param version empty: the host says none */
  note(environmentId: string, version: string, nowMs: number): void {
    let known = this.#environments.get(environmentId);
    if (known === undefined) {
      known = { sinceMs: nowMs, seen: new Map() };
      this.#environments.set(environmentId, known);
    }
    const { sinceMs, seen } = known;
    const firstMs = nowMs - sinceMs < BEFORE_MS ? sinceMs : nowMs;
    const before = seen.get(version) ?? { firstMs, lastMs: nowMs };
    before.lastMs = nowMs;
    seen.delete(version);
    seen.set(version, before);
    const [oldest] = seen.keys();
    if (seen.size > MAX_VERSIONS && oldest !== undefined) seen.delete(oldest);
  }

  /** Undefined: no version is named, or it cannot be told which of them is newest. */
  newest(environmentId: string, nowMs: number): Newest | undefined {
    const seen = this.#environments.get(environmentId)?.seen ?? new Map<string, Seen>();
    for (const [version, { lastMs }] of seen) if (nowMs - lastMs > GONE_MS) seen.delete(version);
    const named = [...seen].filter(([version]) => version !== '');
    const latestMs = Math.max(...named.map(([, { firstMs }]) => firstMs));
    const latest = named.flatMap(([version, { firstMs }]) => (firstMs === latestMs ? [version] : []));
    const version = highestOf(latest);
    return version === undefined ? undefined : { version, hasOthers: seen.size > 1 };
  }
}

/** Undefined where they have no order. */
function highestOf([first, ...others]: readonly string[]): string | undefined {
  if (first === undefined || others.length === 0) return first;
  const versions = [first, ...others].map((text) => ({ text, version: parseVersion(text) }));
  const sorted = versions.flatMap(({ text, version }) => (version === undefined ? [] : [{ text, version }]));
  if (sorted.length < versions.length) return undefined;
  return sorted.sort((a, b) => compareVersions(a.version, b.version)).at(-1)?.text;
}
