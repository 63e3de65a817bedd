import type { FastifyBaseLogger } from 'fastify';
import type { Registry } from 'prom-client';
import type { Config } from '../config/config.ts';
import type { AddressPolicy } from '../egress/address-policy.ts';
import type { Environments } from '../environments/service.ts';
import type { InstallationMeasurements } from '../measurements/installation-measurements.ts';
import type { Rulesets } from '../rulesets/rulesets.ts';
import type { Database } from '../store/tables.ts';
import type { TrafficTargets } from '../traffic/targets.ts';
import type { Vault } from '../vault/vault.ts';
import { Gates } from './gates.ts';
import { Jobs } from './measuring/jobs.ts';
import type { Counting, Means, MigrationStates } from './measuring/look.ts';
import { Trials } from './trials.ts';
import { GateViews } from './views.ts';

interface GatesOptions {
  readonly database: Database;
  readonly environments: Environments;
  readonly measurements: InstallationMeasurements;
  readonly rulesets: Rulesets;
  readonly traffic: TrafficTargets;
  /** Undefined: there are no migration plans. */
  readonly migrations?: MigrationStates;
  readonly vault: Vault;
  readonly policy: AddressPolicy;
  readonly config: Partial<Pick<Config, 'gateCommandsDir'>>;
  readonly registry: Registry;
  readonly log: FastifyBaseLogger;
  readonly now: () => number;
}

/** What judges the gates of releases. Safeguards come later, and count subjects for them: `countBy`. */
export function openGates({ config, registry, log, now, ...options }: GatesOptions) {
  const { database, vault, policy } = options;
  const jobs = new Jobs({ database, vault, policy, commandsDir: config.gateCommandsDir });
  let counting: Counting | undefined;
  const means: Means = { ...options, jobs, counting: () => counting };
  const gates = new Gates({ database, means, registry, log, now });
  return {
    gates,
    gateViews: new GateViews(database, now),
    trials: new Trials({ environments: options.environments, means, now }),
    countBy(by: Counting) {
      counting = by;
    },
    async close() {
      jobs.close();
      await gates.close();
    },
  };
}
