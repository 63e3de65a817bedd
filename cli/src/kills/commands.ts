import type { Command } from 'commander';
import { openApi } from '../api/client.ts';
import type { Shell } from '../shell.ts';
import { killFlag, rearmFlag } from './kill.ts';

/** `bunting kill` and `bunting rearm`. */
export function addKills(program: Command, { settings, tell, output }: Shell): void {
  for (const [name, act, description] of [
    ['kill', killFlag, 'serve the safe variant to everyone at once, until it is re-armed'],
    ['rearm', rearmFlag, 'end a kill'],
  ] as const) {
    program
      .command(name)
      .description(description)
      .argument('<flag>')
      .requiredOption('--environment <key>')
      .requiredOption('--reason <text>')
      .action(async (flag: string, { environment, reason }: { environment: string; reason: string }) => {
        const read = settings();
        const answer = await act(openApi(read), { project: read.project, flag, environment }, reason);
        tell(answer, () =>
          output.result(
            `${flag} is ${answer.engaged ? 'killed' : 're-armed'} in ${environment}, epoch ${answer.epoch}` +
              `${answer.stored ? '' : '; the database does not have it yet'}.`,
          ),
        );
      });
  }
}
