import type { HaproxyRuntime } from './haproxy-runtime.ts';
import { type SideCounts, TrafficError } from './traffic-target.ts';

/** One line of `show stat`: a server, or the whole of a backend (`BACKEND`). */
type StatLine = ReadonlyMap<string, string>;

/** All that HAProxy says of its parts. @throws {TrafficError} */
export async function readStats(runtime: HaproxyRuntime, signal: AbortSignal): Promise<readonly StatLine[]> {
  const [header = '', ...rows] = (await runtime.ask('show stat', signal)).trim().split('\n');
  const names = header.replace(/^# /, '').split(',');
  return rows.map((row): StatLine => new Map(row.split(',').map((text, at) => [names[at] ?? '', text])));
}

/** What of it is about a backend, and about its servers. @throws {TrafficError} `refused` when it is not there */
export function findBackend(
  lines: readonly StatLine[],
  backend: string,
): { readonly total: StatLine; readonly servers: readonly StatLine[] } {
  const own = lines.filter((line) => line.get('pxname') === backend);
  const total = own.find((line) => line.get('svname') === 'BACKEND');
  if (total === undefined) {
    throw new TrafficError('refused', `HAProxy has no backend "${backend}": correct the name, or its configuration.`);
  }
  return { total, servers: own.filter((line) => !['BACKEND', 'FRONTEND'].includes(line.get('svname') ?? '')) };
}

/** Servers that answer their checks, or have none; those with weight 0 too, which HAProxy calls DRAIN. */
export function countUp(servers: readonly StatLine[]): number {
  return servers.filter((server) => /^(UP|DRAIN|no check)/.test(server.get('status') ?? '')).length;
}

/** All answers, and those of 500 and above; HAProxy answers 503 itself where no server did. */
export function toCounts(lines: readonly StatLine[]): SideCounts {
  const sum = (columns: readonly string[]) =>
    lines.reduce((total, line) => columns.reduce((all, name) => all + Number(line.get(name) ?? 0), total), 0);
  const classes = ['hrsp_1xx', 'hrsp_2xx', 'hrsp_3xx', 'hrsp_4xx', 'hrsp_5xx', 'hrsp_other'];
  return { requests: sum(classes), errors: sum(['hrsp_5xx']) };
}
