import type { Command } from 'commander';
import { openApi, type Schemas, unwrap } from '../api/client.ts';
import { CommandError, EXIT } from '../exit-code.ts';
import type { Output } from '../output.ts';
import type { Settings } from '../settings.ts';
import type { Shell } from '../shell.ts';

const TARGETS = '/api/v1/projects/{project}/environments/{environment}/traffic-targets';

interface Given {
  readonly environment: string;
}

/** `bunting traffic`: what divides requests between two versions. */
export function addTraffic(program: Command, { settings, tell, output }: Shell): void {
  const traffic = program.command('traffic').description('what divides requests between two versions of a service');
  const command = (name: string, description: string) =>
    traffic.command(name).description(description).requiredOption('--environment <key>');

  command('list', 'the traffic targets of an environment').action(async ({ environment }: Given) => {
    const { api, project } = open(settings());
    const params = { path: { project, environment }, query: { limit: 200 } };
    const { items } = await unwrap(api.GET(TARGETS, { params }));
    tell(items, () => {
      for (const { key, kind, name } of items) output.result([key, kind, name].join('\t'));
    });
  });

  command('state', 'what a target says of itself now')
    .argument('<target>')
    .action(async (target: string, { environment }: Given) => {
      const { api, project } = open(settings());
      const state = await unwrap(
        api.GET(`${TARGETS}/{target}/state`, { params: { path: { project, environment, target } } }),
      );
      tell(state, () => describe(state, output));
    });

  const tellTested = (tested: Schemas['TrafficTest']) => {
    tell(tested, () => {
      if (tested.ok) output.result(`In force after ${tested.seenMs} ms.`);
    });
    if (!tested.ok) throw new CommandError(tested.problem ?? 'It did not work.', EXIT.failed);
  };

  command('test', 'set the weight that it has, and look whether it is in force: nobody moves')
    .argument('<target>')
    .action(async (target: string, { environment }: Given) => {
      const { api, project } = open(settings());
      const params = { path: { project, environment, target } };
      tellTested(await unwrap(api.POST(`${TARGETS}/{target}/test`, { params })));
    });

  command('reset', 'give the baseline everyone: before the next release, when both places run the same')
    .argument('<target>')
    .action(async (target: string, { environment }: Given) => {
      const { api, project } = open(settings());
      const params = { path: { project, environment, target } };
      tellTested(await unwrap(api.POST(`${TARGETS}/{target}/reset`, { params })));
    });
}

function open(settings: Settings) {
  return { api: openApi(settings), project: settings.project };
}

function describe({ capabilities, candidatePer100k, up, problem, ms }: Schemas['TrafficState'], output: Output): void {
  const share = candidatePer100k === null ? 'cannot be told' : `${candidatePer100k / 1_000} %`;
  output.result(`candidate ${share}, read in ${ms} ms`);
  if (up !== null) output.result(`  up: ${up.candidate} of the candidate, ${up.baseline} of the baseline`);
  const can = Object.entries(capabilities ?? {}).flatMap(([name, is]) => (is === true ? [name] : []));
  if (capabilities !== null) {
    output.result(`  can: ${can.join(', ') || 'none of it'}; steps of ${capabilities.granularityPer100k / 1_000} %`);
  }
  if (problem !== null) output.result(`  problem: ${problem}`);
}
