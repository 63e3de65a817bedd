import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import byFlyway from '../../../../examples/migrations/by-flyway.json?raw';
import ordersInCents from '../../../../examples/migrations/orders-in-cents.json?raw';
import ordersToANewServer from '../../../../examples/migrations/orders-to-a-new-server.json?raw';
import type { MigrationPlanBody } from '../../api/types.ts';

interface Example {
  readonly label: MessageDescriptor;
  readonly plan: Pick<MigrationPlanBody, 'phases' | 'code' | 'settleSeconds' | 'replication'>;
}

/** What a new plan can begin from: the plans in examples/migrations, which the server is tested to take. */
export const examples: readonly Example[] = [
  { label: msg`In one database`, plan: read(ordersInCents) },
  { label: msg`To another server`, plan: read(ordersToANewServer) },
  { label: msg`By tools of your own`, plan: read(byFlyway) },
  { label: msg`The flag alone`, plan: { phases: {} } },
];

function read(text: string): Example['plan'] {
  return JSON.parse(text) as MigrationPlanBody;
}
