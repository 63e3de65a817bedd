import { caddy } from './caddy.ts';
import { haproxy } from './haproxy.ts';
import { haproxyWeights } from './haproxy-weights.ts';
import type { TrafficKind } from './kind.ts';
import { nginx } from './nginx.ts';

/** Every kind of traffic target. */
export const TRAFFIC_KINDS: readonly TrafficKind[] = [haproxy, haproxyWeights, nginx, caddy];

export function findKind(name: string): TrafficKind | undefined {
  return TRAFFIC_KINDS.find(({ kind }) => kind === name);
}
