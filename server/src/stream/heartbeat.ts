import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import { encodeFrame, type Frame } from './frame.ts';
import { agesOf, type Origin } from './origin.ts';

export function heartbeatFrame(origin: Origin, ruleset: LiveRuleset): Frame {
  return encodeFrame({ type: 'heartbeat', timeMs: origin.nowMs(), ...agesOf(origin, ruleset) });
}
