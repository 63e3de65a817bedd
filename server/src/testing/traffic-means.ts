import { readAddressPolicy } from '../egress/address-policy.ts';
import { AllowedPaths } from '../traffic/allowed-paths.ts';
import type { Means } from '../traffic/kind.ts';

/** What a target of a test may reach: this machine, and nothing of the server's own. */
export function trafficMeans(more: Partial<Means> = {}): Means {
  return {
    policy: readAddressPolicy(['127.0.0.1']),
    paths: new AllowedPaths([], 'default'),
    namespaces: [],
    nginx: 'nginx',
    now: Date.now,
    ...more,
  };
}
