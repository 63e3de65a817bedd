import { Command } from 'commander';
import { openApi } from './api/client.ts';
import { readDuration } from './duration.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { killFlag, rearmFlag } from './kills/kill.ts';
import type { Output } from './output.ts';
import { ReleaseCalls } from './releases/calls.ts';
import { explain, list } from './releases/explain.ts';
import { type GivenSpec, readSpec } from './releases/spec.ts';
import { verify } from './releases/verify.ts';
import { watch } from './releases/watch.ts';
import { type GivenSettings, readSettings } from './settings.ts';
import { addTraffic } from './traffic/commands.ts';

interface GivenWatch {
  readonly timeout?: string;
  readonly patience: string;
  readonly untilBaking?: boolean;
}

/** The whole command line. @param ended hears how a command ended; not called where it is 0 */
export function buildProgram(env: NodeJS.ProcessEnv, output: Output, ended: (code: ExitCode) => void): Command {
  const program = new Command('bunting')
    .description('Feature flags and releases from pipelines and shells')
    .option('--url <url>', 'where the server is (BUNTING_URL)')
    .option('--token-file <file>', 'file with the token (BUNTING_TOKEN_FILE, or the token itself in BUNTING_TOKEN)')
    .option('--project <key>', 'the project (BUNTING_PROJECT, else "default")')
    .option('--json', 'answers as JSON');
  const settings = () => readSettings(program.opts<GivenSettings>(), env);
  const isJson = () => program.opts<{ json?: boolean }>().json === true;
  const calls = () => {
    const read = settings();
    return new ReleaseCalls(openApi(read), read.project);
  };
  const tell = (answer: unknown, say: () => void) =>
    isJson() ? output.result(JSON.stringify(answer, null, 2)) : say();

  const watchRelease = async (id: string, { timeout, patience, untilBaking = false }: GivenWatch) => {
    const options = {
      timeoutSeconds: timeout === undefined ? undefined : readDuration(timeout, '--timeout'),
      patienceSeconds: readDuration(patience, '--patience'),
      untilBaking,
    };
    const code = await watch(calls(), id, options, output);
    if (code !== EXIT.ok) ended(code);
  };

  const release = program.command('release').description('what takes flags to everyone, stage by stage');
  const withWatch = (command: Command) =>
    command
      .option('--timeout <duration>', 'give up watching after, such as 2h; the release goes on')
      .option('--patience <duration>', 'for how long the server may be away', '5m')
      .option('--until-baking', 'a good end is when everyone has it and it bakes');

  withWatch(
    release
      .command('start')
      .description('make a release and start it')
      .option('--file <file>', 'YAML or JSON with the release, - for standard input; options win over it')
      .option('--title <title>')
      .option('--environment <key>')
      .option('--flag <key>', 'the flag to release')
      .option('--candidate <variant>', 'what is released (on)')
      .option('--baseline <variant>', 'what is served before, and on the way back (off)')
      .option('--rule <id>', 'whose subjects take part, instead of those of the default rule')
      .option('--stages <percents>', 'such as 5,20,50,100')
      .option('--soak <duration>', 'how long each stage is watched (10m)')
      .option('--bake <duration>', 'how long everyone is watched (10m)')
      .option('--key <text>', 'a job that is run again with the same key finds the release it made')
      .option('--wait', 'watch it, and end as it ends'),
  ).action(async (given: GivenSpec & GivenWatch & { key?: string; wait?: boolean }) => {
    const input = readSpec(given);
    const made = await calls().create(input, given.key);
    const isDraft = (await calls().get(made.id)).phase === 'draft';
    const started = isDraft ? await calls().command(made.id, { command: 'start' }) : made;
    tell(started, () => output.result(started.id));
    if (given.wait === true) await watchRelease(started.id, given);
  });

  withWatch(
    release.command('watch').description('tell what happens until it ends; the exit code says how').argument('<id>'),
  ).action(watchRelease);

  release
    .command('explain')
    .description('where it is, why it does not go on, and how it came there')
    .argument('<id>')
    .action(async (id: string) => {
      const [found, decisions] = [await calls().get(id), await calls().decisionsAfter(id, undefined)];
      tell({ release: found, decisions }, () => explain(found, decisions, output));
    });

  release
    .command('export')
    .description('all that was decided about it, with what it was made of: as JSON, for verify')
    .argument('<id>')
    .action(async (id: string) => output.result(JSON.stringify(await calls().export(id))));

  release
    .command('verify')
    .description('make every decision of an export again, without a server, and say where it comes to something else')
    .argument('<file>', 'what export has written, - for standard input')
    .action((file: string) => {
      const code = verify(file, isJson(), output);
      if (code !== EXIT.ok) ended(code);
    });

  release
    .command('list')
    .description('the latest, newest first')
    .option('--environment <key>')
    .option('--limit <number>', 'how many', '20')
    .action(async ({ environment, limit }: { environment?: string; limit: string }) => {
      const query = { limit: Number(limit), ...(environment === undefined ? {} : { environment }) };
      const found = await calls().list(query);
      tell(found, () => list(found, output));
    });

  release
    .command('approve')
    .description('approve the stage that it is in, or before its start the release')
    .argument('<id>')
    .action(async (id: string) => {
      const approved = await calls().approve(id);
      tell(approved, () => output.result('Approved.'));
    });

  for (const [name, description] of [
    ['promote', 'go on to the next stage now'],
    ['resume', 'go on after a pause'],
    ['cancel', 'end what has not begun'],
    ['retry', 'begin again what failed or was aborted'],
  ] as const) {
    release
      .command(name)
      .description(description)
      .argument('<id>')
      .action(async (id: string) => {
        const after = await calls().command(id, { command: name });
        tell(after, () => explain(after, [], output));
      });
  }
  for (const [name, description] of [
    ['pause', 'hold the exposure as it is'],
    ['abort', 'go back to baseline'],
    ['rollback', 'go back to baseline, also after it has succeeded'],
  ] as const) {
    release
      .command(name)
      .description(description)
      .argument('<id>')
      .requiredOption('--reason <text>')
      .action(async (id: string, { reason }: { reason: string }) => {
        const after = await calls().command(id, { command: name, reason });
        tell(after, () => explain(after, [], output));
      });
  }

  addTraffic(program, settings, tell, output);

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
      .action(async (flag: string, given: { environment: string; reason: string }) => {
        const read = settings();
        const answer = await act(
          openApi(read),
          { project: read.project, flag, environment: given.environment },
          given.reason,
        );
        tell(answer, () =>
          output.result(
            `${flag} is ${answer.engaged ? 'killed' : 're-armed'} in ${given.environment}, epoch ${answer.epoch}` +
              `${answer.stored ? '' : '; the database does not have it yet'}.`,
          ),
        );
      });
  }
  return program;
}
