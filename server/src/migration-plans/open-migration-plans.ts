import type { Config } from '../config/config.ts';
import { PlanEditor } from './editor.ts';
import { PlanEngine } from './engine.ts';
import { MigrationPlans } from './service.ts';
import { PlanViews, type PlanViewsDependencies } from './views.ts';
import type { WorkerDependencies } from './worker.ts';

type Options = Omit<WorkerDependencies, 'commands'> &
  PlanViewsDependencies & { readonly config: Pick<Config, 'databaseUrl' | 'migrationCommands'> };

/** Plans of database migrations, and what carries them out. */
export function openMigrationPlans({ config, ...options }: Options) {
  const migrationEngine = new PlanEngine({ ...options, commands: config.migrationCommands });
  const planViews = new PlanViews(options);
  return {
    migrationEngine,
    planViews,
    planEditor: new PlanEditor({ ...options, ownUrl: config.databaseUrl, views: planViews }),
    migrationPlans: new MigrationPlans({ ...options, engine: migrationEngine, views: planViews }),
  };
}
