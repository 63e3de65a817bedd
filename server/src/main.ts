#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { runVerifyAudit } from './audit/verify-command.ts';
import { SOURCES, type Source } from './config/config.ts';
import { ConfigError, type ConfigInput, readConfig, readRelayConfig } from './config/read-config.ts';
import { RELAY_SOURCES } from './config/relay-config.ts';
import { runRecover } from './passwords/recover-command.ts';
import { serveRelay } from './relay/serve.ts';
import { ListenError } from './run-app.ts';
import { serve } from './serve.ts';
import { runBackup, runRestore } from './store/backup.ts';
import { runCopy } from './store/copy-command.ts';
import { checkMigrations, runMigrate } from './store/migrate-command.ts';
import { StoreError } from './store/store-error.ts';
import { VERSION } from './version.ts';

const HELP = `bunting-server ${VERSION}: feature flags that know about deploys

Usage: bunting-server [serve] [options]
       bunting-server relay --upstream URL --key KEY [--key KEY ...] [options]
       bunting-server migrate [--check] [--data-dir FOLDER]
       bunting-server copy --from FOLDER [--to URL]
       bunting-server backup --to FILE [--data-dir FOLDER]
       bunting-server restore --from FILE [--data-dir FOLDER]
       bunting-server recover --email ADDRESS [--data-dir FOLDER] [--public-url URL]
       bunting-server verify-audit [--checkpoints FILE] [--data-dir FOLDER]

Options, and the environment variables that mean the same:
  --host ADDRESS       BUNTING_HOST          address to listen on (127.0.0.1)
  --port NUMBER        BUNTING_PORT          port to listen on, 0 takes any that is free (4242)
  --data-dir FOLDER    BUNTING_DATA_DIR      where the database is, when it is SQLite (./data)
                       DATABASE_URL          PostgreSQL instead: postgres://user:password@host/database
  --public-url URL     BUNTING_PUBLIC_URL    how people and SDKs reach the server
  --log-level LEVEL    BUNTING_LOG_LEVEL     trace, debug, info, warn, error, fatal, silent (info)
  --workers NUMBER     BUNTING_WORKERS       processes that divide the SDKs' sockets; 0 is the one process (0)
  --config FILE                              JSON with the same settings, such as {"port": 4242}
  --help, --version

By environment variable or file only: BUNTING_BOOTSTRAP_ADMIN_KEY, BUNTING_MASTER_KEY, BUNTING_MASTER_KEY_FILE,
BUNTING_UI_DIR, BUNTING_DRAIN_TIMEOUT_MS, BUNTING_TRUST_PROXY, BUNTING_INTERNAL_URL, BUNTING_DATABASE_... (see the README). Options win over variables, variables over the file.

A relay serves SDKs what it gets from a server or another relay, also while that is gone. Besides --host, --port,
--log-level, --workers and --config it has:
  --upstream URL       BUNTING_RELAY_UPSTREAM  the server or relay to get everything from
  --key KEY            BUNTING_RELAY_KEYS      a relay key (bnt_rly_...), one for each environment; other users of the
                                               machine can read options, so prefer the variable: keys with commas
  --data-dir FOLDER    BUNTING_DATA_DIR        where last-known-good is kept (./relay-data)

migrate brings the database to this version, as serve does when it starts. With --check it only says what is pending,
and exits with 1 when something is.

copy moves an installation from SQLite, in --from, to an empty PostgreSQL: --to, or DATABASE_URL, which other users of
the machine cannot read. The source is only read.

backup writes the whole installation (DATABASE_URL, or the data folder) into one file, also while servers run; restore
fills an empty database of either kind with it. Keep the master key too, and apart.

recover prints a one-time link by which an owner who is locked out sets a new password and loses the second
factor, also while servers run.

verify-audit recomputes the chains of audit events, also while servers run, and says what that proves: most, with
--checkpoints, a copy of the signed checkpoints that was kept elsewhere. It exits with 1 when something was changed.
`;

/** The exit code when the command line or the configuration is wrong. */
const USAGE_ERROR = 2;

class UsageError extends Error {}

interface Command {
  /** Which flags it takes besides --config. */
  readonly flags: readonly (string | undefined)[];
  /** Resolves when the command has done its work, with an exit code if it is not 0, or when what it started runs. */
  run(input: ConfigInput): Promise<unknown>;
}

const flagsOf = (sources: Readonly<Record<string, Source>>) => Object.values(sources).map(({ flag }) => flag);
const print = (line: string) => void process.stdout.write(`${line}\n`);
const report = (line: string) => void process.stderr.write(`bunting-server: ${line}\n`);

const COMMANDS: Readonly<Record<string, Command>> = {
  serve: { flags: flagsOf(SOURCES), run: (input) => serve(readConfig(input)) },
  relay: { flags: flagsOf(RELAY_SOURCES), run: (input) => serveRelay(readRelayConfig(input)) },
  migrate: {
    flags: ['data-dir', 'check'],
    run: (input) => (input.flags?.check === undefined ? runMigrate : checkMigrations)(readConfig(input), print),
  },
  copy: {
    flags: ['from', 'to'],
    async run({ flags, env }) {
      const { from, to } = flags ?? {};
      if (typeof from !== 'string') throw new UsageError('copy needs --from FOLDER: the data folder to copy');
      const config = readConfig({ flags, env: typeof to === 'string' ? { ...env, BUNTING_DATABASE_URL: to } : env });
      if (config.databaseUrl === undefined)
        throw new UsageError('copy needs --to URL or DATABASE_URL: where to copy to');
      await runCopy(from, config, report);
      report(COPIED);
    },
  },
  backup: {
    flags: ['data-dir', 'to'],
    async run({ flags: { to, ...flags } = {}, env }) {
      if (typeof to !== 'string') throw new UsageError('backup needs --to FILE: where to write it');
      await runBackup(to, readConfig({ flags, env }), report);
      report(`done: ${to}`);
    },
  },
  recover: {
    flags: ['data-dir', 'public-url', 'email'],
    async run({ flags: { email, ...flags } = {}, env }) {
      if (typeof email !== 'string') throw new UsageError('recover needs --email ADDRESS: of the owner');
      await runRecover(email, readConfig({ flags, env }), print);
    },
  },
  'verify-audit': {
    flags: ['data-dir', 'checkpoints'],
    run({ flags: { checkpoints, ...flags } = {}, env }) {
      return runVerifyAudit(readConfig({ flags, env }), checkpoints?.toString(), print);
    },
  },
  restore: {
    flags: ['data-dir', 'from'],
    async run({ flags: { from, ...flags } = {}, env }) {
      if (typeof from !== 'string') throw new UsageError('restore needs --from FILE: the backup');
      await runRestore(from, readConfig({ flags, env }), report);
      report(RESTORED);
    },
  },
};

const RESTORED = 'done. Start servers with the master key of then; SDKs take everything anew, once.';

const COPIED =
  'done. Start servers with DATABASE_URL from now on, and none on the old folder; SDKs take everything anew, once.';

function readArguments() {
  try {
    return parse();
  } catch (error) {
    // parseArgs says well what is wrong with an option.
    const isParseError =
      error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
    throw isParseError ? new UsageError(error.message) : error;
  }
}

function parse() {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      host: text,
      port: text,
      'data-dir': text,
      'public-url': text,
      'log-level': text,
      workers: text,
      upstream: text,
      key: { type: 'string', multiple: true },
      config: text,
      from: text,
      to: text,
      checkpoints: text,
      email: text,
      check: { type: 'boolean' },
      help: { type: 'boolean' },
      version: { type: 'boolean' },
    },
  });
  const { help, version, check, ...rest } = values;
  const flags = check === undefined ? rest : { ...rest, check: 'yes' };
  const [name = 'serve', extra] = positionals;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined || extra !== undefined) {
    const known = Object.keys(COMMANDS).join(', ');
    throw new UsageError(`Unknown command: ${positionals.join(' ')}. There is: ${known}`);
  }
  const accepted = new Set(['config', ...command.flags]);
  const misplaced = Object.keys(flags).find((flag) => !accepted.has(flag));
  if (misplaced !== undefined) throw new UsageError(`--${misplaced} is no option of ${name}`);
  return { command, help, version, flags };
}

async function main(): Promise<void> {
  const { command, help, version, flags } = readArguments();
  if (help) return void process.stdout.write(HELP);
  if (version) return void process.stdout.write(`${VERSION}\n`);
  const code = await command.run({ flags, env: process.env });
  if (typeof code === 'number') process.exitCode = code;
}

try {
  await main();
} catch (error) {
  const isUsageError = error instanceof ConfigError || error instanceof UsageError;
  const message = error instanceof Error ? error.message : String(error);
  const isExpected = isUsageError || error instanceof StoreError || error instanceof ListenError;
  process.stderr.write(`bunting-server: ${isExpected ? message : ((error as Error).stack ?? message)}\n`);
  if (error instanceof UsageError) process.stderr.write('Try: bunting-server --help\n');
  process.exit(isUsageError ? USAGE_ERROR : 1);
}
