import { nowMs } from '../../processes/clock.ts';

/** Times on the machine's monotonic clock. */
export interface FirstAnswerReply {
  /** When the first line of the program ran. */
  readonly startedMs: number;
  /** When a first answer was there that came from a ruleset, wherever that was from. */
  readonly answeredMs: number;
  /** When a first answer was there that the server has confirmed. */
  readonly liveMs: number;
  readonly firstState: string;
}

const startedMs = nowMs();
const [url = '', sdkKey = '', flagKey = '', cacheDir = ''] = process.argv.slice(2);
// Loading the SDK is part of what is measured.
const { connect } = await import('@bunting/node');
const flags = connect({ url, sdkKey, ...(cacheDir === '' ? {} : { cacheDir }) });
const ask = () => flags.getBooleanDetails(flagKey, false, { targetingKey: 'someone' });

let first = ask();
let answeredMs = nowMs();
const { state } = await flags.ready({ timeoutMs: 60_000 });
const live = ask();
const liveMs = nowMs();
if (state !== 'live' || live.errorCode !== undefined) throw new Error(`${state}: ${live.errorMessage}`);
if (first.errorCode !== undefined) {
  first = live;
  answeredMs = liveMs;
}
process.send?.({ startedMs, answeredMs, liveMs, firstState: first.state } satisfies FirstAnswerReply);
await flags.close();
process.disconnect();
