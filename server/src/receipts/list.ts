import type { Static } from '@sinclair/typebox';
import { toTimestamp } from '../http/key-schema.ts';
import { type InstanceFilter, isWanted } from './filter.ts';
import type { Instance, Moment } from './instance.ts';
import type { Roll } from './roll.ts';
import type { InstanceSchema } from './schemas.ts';
import { smallest } from './smallest.ts';

export type InstanceView = Static<typeof InstanceSchema>;
/** An instance as one server lists it: which server that is, who asked it knows. */
export type ListedInstance = Omit<InstanceView, 'server'>;

/** Instances by id, or stragglers: those that lack the newest revision, who has lacked it longest first. */
export interface ListRequest extends InstanceFilter {
  readonly list: 'instances' | 'stragglers';
  /** The position of the last instance of the page before, as `positionOf` says. */
  readonly after: readonly string[] | null;
  readonly limit: number;
}

/** The first instances of a list, as this server knows them. */
export function listInstances(roll: Roll, request: ListRequest, nowMs: number): ListedInstance[] {
  const { list, after, limit } = request;
  const places: Place[] = [];
  for (const instances of [roll.connected(), roll.lost()]) {
    for (const instance of instances) {
      const since = roll.behindSince(instance);
      if (!isWantedHere(instance, since, request)) continue;
      const position = list === 'instances' ? [instance.id] : [toTimestamp(since?.atMs ?? 0), instance.id];
      if (after === null || comparePositions(position, after) > 0) places.push({ instance, since, position });
    }
  }
  const first = smallest(places, limit, (a, b) => comparePositions(a.position, b.position));
  return first.map(({ instance, since }) => toView(instance, since, nowMs));
}

/** What a list is sorted by. */
export function positionOf(list: ListRequest['list'], { id, behindSince }: ListedInstance): string[] {
  return list === 'instances' ? [id] : [behindSince ?? '', id];
}

export function comparePositions(a: readonly string[], b: readonly string[]): number {
  for (let at = 0; at < a.length; at += 1) {
    const [x = '', y = ''] = [a[at], b[at]];
    if (x !== y) return x < y ? -1 : 1;
  }
  return 0;
}

/** Whether it is one of those that were asked for: a server of an earlier version may not know all filters. */
export function isListed(view: ListedInstance, request: ListRequest): boolean {
  return isWanted({ ...view, isBehind: view.behindSince !== null }, narrowed(request));
}

interface Place {
  readonly instance: Instance;
  readonly since: Moment | undefined;
  readonly position: readonly string[];
}

function isWantedHere(instance: Instance, since: Moment | undefined, request: ListRequest): boolean {
  const { id, introduction, keyId, via } = instance;
  const { instance: said, sdk, deploy } = introduction;
  const { app, host } = said;
  const isBehind = since !== undefined;
  return isWanted({ id, app, host, sdk, deploy, key: keyId, relay: via, isBehind }, narrowed(request));
}

function narrowed(request: ListRequest): InstanceFilter {
  return request.list === 'stragglers' ? { ...request, behind: true } : request;
}

function toView(instance: Instance, since: Moment | undefined, nowMs: number): ListedInstance {
  const { id, introduction, keyId, via, pollMs, connected, lost, revision, brokenFlags, dataAgeMs } = instance;
  const { instance: said, sdk, deploy } = introduction;
  return {
    id,
    app: said.app ?? null,
    host: said.host ?? null,
    sdk: { name: sdk.name, version: sdk.version },
    deploy: deploy === undefined ? null : { version: deploy.version, stage: deploy.stage, color: deploy.color },
    relay: via ?? null,
    key: keyId ?? null,
    pollMs: pollMs === 0 ? null : pollMs,
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
