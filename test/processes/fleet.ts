import { join } from 'node:path';
import { nowMs } from './clock.ts';
import type { Census, FleetCalls } from './fleet-main.ts';
import { Remote } from './remote.ts';

/** A crowd of raw clients, spread over processes. */
export interface Crowd {
  /** When each client got to the revision, ascending, by the machine's clock; resolves when all have. */
  arrivals(number: number): Promise<Float64Array>;
  /** When the last of them was connected and at the revision; resolves then. */
  current(number: number): Promise<number>;
  census(): Promise<Census>;
  close(): Promise<void>;
}

export interface CrowdPlan {
  /** `http://HOST:PORT` of a server, or of a bare TCP server that writes frames without a handshake. */
  readonly url: string;
  /** Undefined for a bare TCP server. */
  readonly key?: string;
  readonly count: number;
  readonly receipts?: boolean;
}

/** Descriptors that a process needs besides its clients' sockets, and then some. */
const SPARE_DESCRIPTORS = 500;

/** Processes full of raw clients (`light-client.ts`). */
export class Fleet {
  readonly #processes: readonly Remote<FleetCalls>[];
  #crowds = 0;

  constructor(processes: number) {
    this.#processes = Array.from(
      { length: processes },
      () => new Remote<FleetCalls>(join(import.meta.dirname, 'fleet-main.ts')),
    );
  }

  /** Opens the crowd as fast as the server takes it. */
  async open({ url, key, count, receipts = false }: CrowdPlan): Promise<{ crowd: Crowd; tookMs: number }> {
    const name = String(this.#crowds++);
    const { hostname: host, port } = new URL(url);
    const shares = this.#processes.map(
      (_, index, { length }) => Math.floor((count * (index + 1)) / length) - Math.floor((count * index) / length),
    );
    const startedMs = nowMs();
    const liveMs = await this.#ask((remote, index) =>
      remote.call('open', {
        name,
        host,
        port: Number(port),
        key,
        count: shares[index] ?? 0,
        prefix: `${process.pid}-${name}-${index}`,
        receipts,
      }),
    );
    const crowd: Crowd = {
      arrivals: async (number) => merge(await this.#ask((remote) => remote.call('arrivals', { name, number }))),
      current: async (number) => Math.max(...(await this.#ask((remote) => remote.call('current', { name, number })))),
      census: async () => sum(await this.#ask((remote) => remote.call('census', name))),
      close: async () => void (await this.#ask((remote) => remote.call('close', name))),
    };
    return { crowd, tookMs: Math.max(...liveMs) - startedMs };
  }

  async stop(): Promise<void> {
    await Promise.all(this.#processes.map((remote) => remote.stop()));
  }

  #ask<T>(question: (remote: Remote<FleetCalls>, index: number) => Promise<T>): Promise<T[]> {
    return Promise.all(this.#processes.map(question));
  }
}

/**
 * Why this machine cannot hold so many sockets in one process; undefined when it can.
 * Every process here inherits the limit that the shell set (`ulimit -n`).
 */
export function whyNotSoMany(socketsPerProcess: number): string | undefined {
  const report = process.report.getReport() as { userLimits?: { open_files?: { soft?: number | string } } };
  const soft = report.userLimits?.open_files?.soft;
  if (typeof soft !== 'number' || soft >= socketsPerProcess + SPARE_DESCRIPTORS) return undefined;
  return `${socketsPerProcess} sockets in one process need ulimit -n ${socketsPerProcess + SPARE_DESCRIPTORS}; it is ${soft}`;
}

function merge(parts: readonly Float64Array[]): Float64Array {
  return Float64Array.from(parts.flatMap((part) => [...part])).sort();
}

function sum(parts: readonly Census[]): Census {
  const revisions = new Map<number, number>();
  for (const part of parts) {
    for (const [number, count] of part.revisions) revisions.set(number, (revisions.get(number) ?? 0) + count);
  }
  return {
    live: parts.reduce((total, { live }) => total + live, 0),
    revisions,
    connects: parts.reduce((total, { connects }) => total + connects, 0),
    goodbyes: parts.reduce((total, { goodbyes }) => total + goodbyes, 0),
    faults: parts.flatMap(({ faults }) => faults),
  };
}
