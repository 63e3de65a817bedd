import { argoRollouts } from './argo-rollouts.ts';
import { caddy } from './caddy.ts';
import { flagger } from './flagger.ts';
import { gatewayApi } from './gateway-api.ts';
import { haproxy } from './haproxy.ts';
import { haproxyWeights } from './haproxy-weights.ts';
import type { TrafficKind } from './kind.ts';
import { nginx } from './nginx.ts';
import { webhook } from './webhook.ts';

/** Every kind of traffic target. */
export const TRAFFIC_KINDS: readonly TrafficKind[] = [
  ...[haproxy, haproxyWeights, nginx, caddy],
  ...[gatewayApi, argoRollouts, flagger, webhook],
];

export function findKind(name: string): TrafficKind | undefined {
  return TRAFFIC_KINDS.find(({ kind }) => kind === name);
}
