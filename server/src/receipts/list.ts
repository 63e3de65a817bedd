import type { Static } from '@sinclair/typebox';
import { toTimestamp } from '../http/key-schema.ts';
import type { Instance, Moment } from './instance.ts';
import type { Roll } from './roll.ts';
import type { InstanceSchema } from './schemas.ts';
import { smallest } from './smallest.ts';

export type InstanceView = Static<typeof InstanceSchema>;

/** Instances by id, or stragglers: those that lack the newest revision, who has lacked it longest first. */
export interface ListRequest {
  readonly list: 'instances' | 'stragglers';
  /** The position of the last instance of the page before, as `positionOf` says. */
  readonly after: readonly string[] | null;
  readonly limit: number;
  /** True: only those that lack the newest revision. False: only those that have it. */
  readonly behind?: boolean | undefined;
  /** Only those of this app. */
  readonly app?: string | undefined;
  /** Only those of whose id, app, host, version or relay this is a part, in any case. */
  readonly search?: string | undefined;
}

/** The first instances of a list, as this server knows them. */
export function listInstances(roll: Roll, request: ListRequest, nowMs: number): InstanceView[] {
  const { list, after, limit } = request;
  const places: Place[] = [];
  for (const instances of [roll.connected(), roll.lost()]) {
    for (const instance of instances) {
      const since = roll.behindSince(instance);
      if (!isWanted(instance, since, request)) continue;
      const position = list === 'instances' ? [instance.id] : [toTimestamp(since?.atMs ?? 0), instance.id];
      if (after === null || comparePositions(position, after) > 0) places.push({ instance, since, position });
    }
  }
  const first = smallest(places, limit, (a, b) => comparePositions(a.position, b.position));
  return first.map(({ instance, since }) => toView(instance, since, nowMs));
}

/** What a list is sorted by. */
export function positionOf(list: ListRequest['list'], { id, behindSince }: InstanceView): string[] {
  return list === 'instances' ? [id] : [behindSince ?? '', id];
}

export function comparePositions(a: readonly string[], b: readonly string[]): number {
  for (let at = 0; at < a.length; at += 1) {
    const [x = '', y = ''] = [a[at], b[at]];
    if (x !== y) return x < y ? -1 : 1;
  }
  return 0;
}

interface Place {
  readonly instance: Instance;
  readonly since: Moment | undefined;
  readonly position: readonly string[];
}

function isWanted(instance: Instance, since: Moment | undefined, { list, behind, app, search }: ListRequest): boolean {
  const wantsBehind = list === 'stragglers' ? true : behind;
  if (wantsBehind !== undefined && wantsBehind !== (since !== undefined)) return false;
  const { instance: said, deploy } = instance.introduction;
  if (app !== undefined && said.app !== app) return false;
  if (search === undefined) return true;
  const text = search.toLowerCase();
  return [said.id, said.app, said.host, deploy?.version, instance.via].some((part) =>
    part?.toLowerCase().includes(text),
  );
}

function toView(instance: Instance, since: Moment | undefined, nowMs: number): InstanceView {
  const { id, introduction, via, connected, lost, revision, brokenFlags, dataAgeMs } = instance;
  const { instance: said, sdk, deploy } = introduction;
  return {
    id,
    app: said.app ?? null,
    host: said.host ?? null,
    sdk: { name: sdk.name, version: sdk.version },
    deploy: deploy === undefined ? null : { version: deploy.version, stage: deploy.stage, color: deploy.color },
    relay: via ?? null,
    state: lost !== null ? 'unknown' : since === undefined ? 'confirmed' : 'pending',
    connectedAt: toTimestamp(connected.atMs),
    lostAt: lost && toTimestamp(lost.atMs),
    revision: revision && { incarnation: revision.incarnation, number: revision.number, hash: revision.hash },
    behindSince: since === undefined ? null : toTimestamp(since.atMs),
    behindMs: since === undefined ? null : Math.max(0, nowMs - since.atMs),
    dataAgeMs: dataAgeMs ?? null,
    brokenFlags,
  };
}
