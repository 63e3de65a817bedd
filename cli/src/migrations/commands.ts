import type { Command } from 'commander';
import { type Api, openApi, type Schemas, unwrap } from '../api/client.ts';
import { CommandError } from '../exit-code.ts';
import type { Output } from '../output.ts';
import type { Shell } from '../shell.ts';

const PLANS = '/api/v1/projects/{project}/environments/{environment}/migration-plans';
const PLAN = `${PLANS}/{plan}` as const;

type Plan = Schemas['MigrationPlan'];
type Phase = Plan['phase'];

interface Given {
  readonly environment: string;
}

/** `bunting migration`: plans of database migrations, and where they are. */
export function addMigrations(program: Command, { settings, tell, output }: Shell): void {
  const migration = program.command('migration').description('how a database changes while it is in use');
  const command = (name: string, description: string) =>
    migration.command(name).description(description).requiredOption('--environment <key>');
  const open = ({ environment }: Given) => {
    const read = settings();
    return { api: openApi(read), place: { project: read.project, environment } };
  };
  const send = async (plan: string, given: Given, body: Schemas['MigrationCommand']) => {
    const { api, place } = open(given);
    const after = await unwrap(api.POST(`${PLAN}/commands`, { params: { path: { ...place, plan } }, body }));
    tell(after, () => describe(after, output));
  };

  command('list', 'the plans of an environment').action(async (given: Given) => {
    const { api, place } = open(given);
    const { items } = await unwrap(api.GET(PLANS, { params: { path: place, query: { limit: 200 } } }));
    tell(items, () => {
      for (const { key, phase, name } of items) output.result([key, phase, name].join('\t'));
    });
  });

  command('explain', 'where a plan is, why it does not go on, and how far back it may go')
    .argument('<plan>')
    .action(async (plan: string, given: Given) => {
      const { api, place } = open(given);
      const found = await unwrap(api.GET(PLAN, { params: { path: { ...place, plan } } }));
      tell(found, () => describe(found, output));
    });

  command('preview', 'what going to a phase would run, and whether it may')
    .argument('<plan>')
    .argument('<phase>')
    .action(async (plan: string, to: string, given: Given) => {
      const { api, place } = open(given);
      const preview = await previewOf(api, { ...place, plan }, to as Phase);
      tell(preview, () => {
        for (const { phase, direction, actions } of preview.moves) {
          output.result(`${direction} to ${phase}`);
          for (const action of actions) output.result(`  ${action}`);
        }
      });
      if (!preview.allowed) throw new CommandError(preview.refusal ?? 'It may not go there.');
    });

  command('go', 'send a plan to a phase, forward or back, phase by phase')
    .argument('<plan>')
    .argument('<phase>')
    .action((plan: string, to: string, given: Given) => send(plan, given, { command: 'go', to: to as Phase }));

  for (const [name, description] of [
    ['resume', 'go on after a pause'],
    ['retry', 'try again what failed'],
  ] as const) {
    command(name, description)
      .argument('<plan>')
      .action((plan: string, given: Given) => send(plan, given, { command: name }));
  }

  command('pause', 'stop after what is being done')
    .argument('<plan>')
    .requiredOption('--reason <text>')
    .action((plan: string, given: Given & { reason: string }) =>
      send(plan, given, { command: 'pause', reason: given.reason }),
    );
}

function previewOf(api: Api, path: { project: string; environment: string; plan: string }, to: Phase) {
  return unwrap(api.GET(`${PLAN}/preview`, { params: { path, query: { to } } }));
}

function describe(plan: Plan, output: Output): void {
  const { key, name, phase, wanted, isMoving, progress, floor, floorReason, problem, waiting } = plan;
  output.result(`${name} (${key}): ${phase}${isMoving ? `, on its way to ${wanted}` : ''}`);
  if (progress !== null) output.result(`  ${progress.done} of ${progress.total ?? 'an unknown number of'} rows`);
  output.result(`  may go back to ${floor}${floorReason === null ? '' : `: ${floorReason}`}`);
  for (const sentence of waiting) output.result(`  waits: ${sentence}`);
  if (problem !== null) output.result(`  problem: ${problem}`);
}
