import { readdirSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What a process cost so far. */
export interface Gauge {
  /** Processor time, user and system, since the process started. */
  readonly cpuMs: number;
  readonly residentBytes: number;
  /** The most that was resident since the process started. */
  readonly peakResidentBytes: number;
  /** Objects of JavaScript, and memory outside of its heap that they hold. */
  readonly heapBytes: number;
  /** The longest that the event loop was busy at one stretch since the last reading. */
  readonly longestBlockMs: number;
  /** How late the event loop was since the last reading: in the middle, and at the 99th percentile. */
  readonly delayMs: { readonly p50: number; readonly p99: number };
}

/** What it takes longer to find out. */
export interface CollectedGauge extends Gauge {
  /** Files and sockets that are open; 0 where the system does not tell. */
  readonly descriptors: number;
  /** Sockets, timers and requests that keep the process alive. */
  readonly resources: number;
}

const RESOLUTION_MS = 1;
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();

setFlagsFromString('--expose-gc');

/** Frees what is not used any more, so that the resident memory is of what is. */
const collectGarbage = runInNewContext('gc') as () => void;

/** Of this process. Loading this module starts the watch on the event loop. */
export function readGauge(): Gauge {
  const [longestBlockMs, p50, p99] = [delay.max, delay.percentile(50), delay.percentile(99)].map(toDelayMs);
  delay.reset();
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed, external } = process.memoryUsage();
  return {
    cpuMs: (user + system) / 1_000,
    residentBytes: rss,
    peakResidentBytes: process.resourceUsage().maxRSS * 1024,
    heapBytes: heapUsed + external,
    longestBlockMs: longestBlockMs ?? 0,
    delayMs: { p50: p50 ?? 0, p99: p99 ?? 0 },
  };
}

/** The same after a garbage collection, which itself does not count as a block of the event loop, now or the next time. */
export async function readCollectedGauge(): Promise<CollectedGauge> {
  const { longestBlockMs, delayMs } = readGauge();
  collectGarbage();
  // The block is seen by the next timer.
  await sleep(5 * RESOLUTION_MS);
  const resources = process.getActiveResourcesInfo().length;
  return { ...readGauge(), longestBlockMs, delayMs, descriptors: countDescriptors(), resources };
}

function toDelayMs(nanoseconds: number): number {
  return Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
}

function countDescriptors(): number {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return 0;
  }
}
