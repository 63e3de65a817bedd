import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What a process cost so far. */
export interface Gauge {
  /** Processor time, user and system, since the process started. */
  readonly cpuMs: number;
  readonly residentBytes: number;
  /** The most that was resident since the process started. */
  readonly peakResidentBytes: number;
  /** The longest that the event loop was busy at one stretch since the last reading. */
  readonly longestBlockMs: number;
}

const RESOLUTION_MS = 1;
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();

setFlagsFromString('--expose-gc');

/** Frees what is not used any more, so that the resident memory is of what is. */
export const collectGarbage = runInNewContext('gc') as () => void;

/** Of this process. Loading this module starts the watch on the event loop. */
export function readGauge(): Gauge {
  const longestBlockMs = Math.max(0, delay.max / 1e6 - RESOLUTION_MS);
  delay.reset();
  const { user, system } = process.cpuUsage();
  return {
    cpuMs: (user + system) / 1_000,
    residentBytes: process.memoryUsage.rss(),
    peakResidentBytes: process.resourceUsage().maxRSS * 1024,
    longestBlockMs,
  };
}
