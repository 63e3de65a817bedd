import type { Command } from 'commander';
import { openApi } from '../api/client.ts';
import { readCount } from '../count.ts';
import { readDuration } from '../duration.ts';
import { EXIT } from '../exit-code.ts';
import type { Shell } from '../shell.ts';
import { ReleaseCalls } from './calls.ts';
import { explain, list } from './explain.ts';
import { type GivenSpec, readSpec } from './spec.ts';
import { addSteering } from './steer.ts';
import { watch } from './watch.ts';

interface GivenWatch {
  readonly timeout?: string;
  readonly patience: string;
  readonly untilBaking?: boolean;
}

type GivenStart = GivenSpec & GivenWatch & { template?: string; key?: string; wait?: boolean; supersede?: boolean };

/** `bunting release`. */
export function addReleases(program: Command, shell: Shell): void {
  const { settings, tell, output, isJson, ended } = shell;
  const calls = () => {
    const read = settings();
    return new ReleaseCalls(openApi(read), read.project);
  };
  const watchRelease = async (id: string, { timeout, patience, untilBaking = false }: GivenWatch) => {
    const options = {
      timeoutSeconds: timeout === undefined ? undefined : readDuration(timeout, '--timeout'),
      patienceSeconds: readDuration(patience, '--patience'),
      untilBaking,
    };
    const code = await watch(calls(), id, options, output);
    if (code !== EXIT.ok) ended(code);
  };

  const release = program.command('release').description('what takes a change to everyone, stage by stage');
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
      .option('--template <key>', 'a way to release, such as canary: see templates; file and options win over it')
      .option('--title <title>')
      .option('--environment <key>')
      .option('--flag <key>', 'the flag to release')
      .option('--candidate <variant>', 'what is released (on)')
      .option('--baseline <variant>', 'what is served before, and on the way back (off)')
      .option('--rule <id>', 'whose subjects take part, instead of those of the default rule')
      .option('--traffic <target>', 'the traffic target to move')
      .option('--to-version <version>', 'the deploy that gets its traffic')
      .option('--from-version <version>', 'the deploy that has it, and gets it back')
      .option('--migration <plan>', 'the migration plan to move')
      .option('--stages <percents>', 'such as 5,20,50,100: of traffic, of the flags, or of both')
      .option('--soak <duration>', 'how long each stage is watched (10m)')
      .option('--bake <duration>', 'how long everyone is watched (10m)')
      .option('--key <text>', 'a job that is run again with the same key finds the release it made')
      .option('--supersede', 'take over from releases under way on the same targets, with what they have out')
      .option('--wait', 'watch it, and end as it ends'),
  ).action(async (given: GivenStart) => {
    const template = given.template === undefined ? undefined : await calls().template(given.template);
    const made = await calls().create(readSpec(given, template), given.key);
    const isDraft = (await calls().get(made.id)).phase === 'draft';
    const supersede = given.supersede === true ? { supersede: true } : {};
    const started = isDraft ? await calls().command(made.id, { command: 'start', ...supersede }) : made;
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
    .command('list')
    .description('the latest, newest first')
    .option('--environment <key>')
    .option('--limit <number>', 'how many', '20')
    .action(async ({ environment, limit }: { environment?: string; limit: string }) => {
      const query = { limit: readCount(limit, '--limit'), ...(environment === undefined ? {} : { environment }) };
      const found = await calls().list(query);
      tell(found, () => list(found, output));
    });

  release
    .command('templates')
    .description('ways to release, for start --template')
    .action(async () => {
      const found = await calls().templates();
      tell(found, () => {
        for (const { key, description } of found) output.result([key, description].join('\t'));
      });
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
    .action(async (file: string) => {
      // With it comes the machine, which nothing else needs.
      const { verify } = await import('./verify.ts');
      const code = verify(file, isJson(), output);
      if (code !== EXIT.ok) ended(code);
    });

  addSteering(release, calls, shell);
}
