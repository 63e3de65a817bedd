#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { SOURCES, type Source } from './config/config.ts';
import { ConfigError, type ConfigInput, readConfig, readRelayConfig } from './config/read-config.ts';
import { RELAY_SOURCES } from './config/relay-config.ts';
import { serveRelay } from './relay/serve.ts';
import { ListenError } from './run-app.ts';
import { serve } from './serve.ts';
import { StoreError } from './store/store-error.ts';
import { VERSION } from './version.ts';

const HELP = `bunting-server ${VERSION}: feature flags that know about deploys

Usage: bunting-server [serve] [options]
       bunting-server relay --upstream URL --key KEY [--key KEY ...] [options]

Options, and the environment variables that mean the same:
  --host ADDRESS       BUNTING_HOST          address to listen on (127.0.0.1)
  --port NUMBER        BUNTING_PORT          port to listen on, 0 takes any that is free (4242)
  --data-dir FOLDER    BUNTING_DATA_DIR      where the database is (./data)
  --public-url URL     BUNTING_PUBLIC_URL    how people and SDKs reach the server
  --log-level LEVEL    BUNTING_LOG_LEVEL     trace, debug, info, warn, error, fatal, silent (info)
  --config FILE                              JSON with the same settings, such as {"port": 4242}
  --help, --version

By environment variable or file only: BUNTING_BOOTSTRAP_ADMIN_KEY, BUNTING_UI_DIR, BUNTING_DRAIN_TIMEOUT_MS,
BUNTING_TRUST_PROXY, BUNTING_INTERNAL_URL. Options win over variables, variables over the file.

A relay serves SDKs what it gets from a server or another relay, also while that is gone. Besides --host, --port,
--log-level and --config it has:
  --upstream URL       BUNTING_RELAY_UPSTREAM  the server or relay to get everything from
  --key KEY            BUNTING_RELAY_KEYS      a relay key (bnt_rly_...), one for each environment; other users of the
                                               machine can read options, so prefer the variable: keys with commas
  --data-dir FOLDER    BUNTING_DATA_DIR        where last-known-good is kept (./relay-data)
`;

/** The exit code when the command line or the configuration is wrong. */
const USAGE_ERROR = 2;

class UsageError extends Error {}

interface Command {
  /** Which flags it takes. */
  readonly sources: Readonly<Record<string, Source>>;
  run(input: ConfigInput): Promise<void>;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  serve: { sources: SOURCES, run: (input) => serve(readConfig(input)) },
  relay: { sources: RELAY_SOURCES, run: (input) => serveRelay(readRelayConfig(input)) },
};

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
      upstream: text,
      key: { type: 'string', multiple: true },
      config: text,
      help: { type: 'boolean' },
      version: { type: 'boolean' },
    },
  });
  const { help, version, ...flags } = values;
  const [name = 'serve', extra] = positionals;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined || extra !== undefined) {
    const known = Object.keys(COMMANDS).join(', ');
    throw new UsageError(`Unknown command: ${positionals.join(' ')}. There is: ${known}`);
  }
  const accepted = new Set(['config', ...Object.values(command.sources).map(({ flag }) => flag)]);
  const misplaced = Object.keys(flags).find((flag) => !accepted.has(flag));
  if (misplaced !== undefined) throw new UsageError(`--${misplaced} is no option of ${name}`);
  return { command, help, version, flags };
}

async function main(): Promise<void> {
  const { command, help, version, flags } = readArguments();
  if (help) return void process.stdout.write(HELP);
  if (version) return void process.stdout.write(`${VERSION}\n`);
  await command.run({ flags, env: process.env });
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
