import type { Command } from 'commander';
import { readCount } from '../count.ts';
import { readDuration } from '../duration.ts';
import { CommandError } from '../exit-code.ts';
import { readShare } from '../share.ts';
import type { Shell } from '../shell.ts';
import type { ReleaseCalls, ReleaseCommand } from './calls.ts';
import { explain } from './explain.ts';

/** What people and jobs make of a release that is there. */
export function addSteering(release: Command, calls: () => ReleaseCalls, { tell, output }: Shell): void {
  const command = (name: string, description: string) =>
    release.command(name).description(description).argument('<id>');
  const send = async (id: string, wanted: ReleaseCommand) => {
    const after = await calls().command(id, wanted);
    tell(after, () => explain(after, [], output));
  };

  command('approve', 'approve the stage that it is in, or before its start the release').action(async (id: string) => {
    const approved = await calls().approve(id);
    tell(approved, () => output.result('Approved.'));
  });

  for (const [name, description] of [
    ['promote', 'go on to the next stage now'],
    ['resume', 'go on after a pause'],
    ['cancel', 'end what has not begun'],
    ['unblock', 'try the way back again that a migration has closed'],
    ['accept', 'leave out what cannot go back, as when its load balancer is gone for good; the release ends'],
  ] as const) {
    command(name, description).action((id: string) => send(id, { command: name }));
  }

  command('retry', 'begin again what failed or was aborted')
    .option('--stage <number>', 'with this stage, from 1, which it had reached')
    .action((id: string, { stage }: { stage?: string }) =>
      send(id, { command: 'retry', ...(stage === undefined ? {} : { stage: readCount(stage, '--stage') - 1 }) }),
    );

  for (const [name, description] of [
    ['pause', 'hold the exposure as it is'],
    ['abort', 'go back to baseline'],
  ] as const) {
    command(name, description)
      .requiredOption('--reason <text>')
      .action((id: string, { reason }: { reason: string }) => send(id, { command: name, reason }));
  }

  command('rollback', 'go back to baseline, also after it has succeeded')
    .requiredOption('--reason <text>')
    .option('--steps <number>', 'in so many equal steps, for a baseline that has grown cold')
    .option('--every <duration>', 'how long each step lasts (1m)')
    .action((id: string, given: { reason: string; steps?: string; every?: string }) => {
      const { reason, steps, every = '1m' } = given;
      const gradual =
        steps === undefined
          ? {}
          : { gradual: { steps: readCount(steps, '--steps'), everySeconds: readDuration(every, '--every') } };
      return send(id, { command: 'rollback', reason, ...gradual });
    });

  command('weight', 'set shares by hand, and pause until it is resumed')
    .option('--flags <percent>', "everyone's share of the candidates of its flags")
    .option('--traffic <percent>', "the candidate version's share of requests")
    .action((id: string, { flags, traffic }: { flags?: string; traffic?: string }) => {
      if (flags === undefined && traffic === undefined) throw new CommandError('Say which: --flags 10, --traffic 20.');
      return send(id, {
        command: 'set_weight',
        ...(flags === undefined ? {} : { flagsPer100k: readShare(flags, '--flags') }),
        ...(traffic === undefined ? {} : { trafficPer100k: readShare(traffic, '--traffic') }),
      });
    });
}
