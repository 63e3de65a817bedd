import type { Config } from '../config/config.ts';
import { PlanEngine } from './engine.ts';
import { MigrationPlans, type MigrationPlansDependencies } from './service.ts';
import type { WorkerDependencies } from './worker.ts';

type Options = Omit<WorkerDependencies, 'commands'> &
  Omit<MigrationPlansDependencies, 'engine' | 'ownUrl'> & {
    readonly config: Pick<Config, 'databaseUrl' | 'migrationCommands'>;
  };

/** Plans of database migrations, and what carries them out. */
export function openMigrationPlans({ config, ...options }: Options) {
  const migrationEngine = new PlanEngine({ ...options, commands: config.migrationCommands });
  const migrationPlans = new MigrationPlans({ ...options, engine: migrationEngine, ownUrl: config.databaseUrl });
  return { migrationEngine, migrationPlans };
}
