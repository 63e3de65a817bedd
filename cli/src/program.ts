import { Command } from 'commander';
import type { ExitCode } from './exit-code.ts';
import { addKills } from './kills/commands.ts';
import { addMigrations } from './migrations/commands.ts';
import type { Output } from './output.ts';
import { addReleases } from './releases/commands.ts';
import { type GivenSettings, readSettings } from './settings.ts';
import type { Shell } from './shell.ts';
import { addTraffic } from './traffic/commands.ts';

/** The whole command line. @param ended hears how a command ended; not called where it is 0 */
export function buildProgram(env: NodeJS.ProcessEnv, output: Output, ended: (code: ExitCode) => void): Command {
  const program = new Command('bunting')
    .description('Feature flags and releases from pipelines and shells')
    .option('--url <url>', 'where the server is (BUNTING_URL)')
    .option('--token-file <file>', 'file with the token (BUNTING_TOKEN_FILE, or the token itself in BUNTING_TOKEN)')
    .option('--project <key>', 'the project (BUNTING_PROJECT, else "default")')
    .option('--json', 'answers as JSON');
  const isJson = () => program.opts<{ json?: boolean }>().json === true;
  const shell: Shell = {
    output,
    settings: () => readSettings(program.opts<GivenSettings>(), env),
    isJson,
    tell: (answer, say) => (isJson() ? output.result(JSON.stringify(answer, null, 2)) : say()),
    ended,
  };
  addReleases(program, shell);
  addTraffic(program, shell);
  addMigrations(program, shell);
  addKills(program, shell);
  return program;
}
