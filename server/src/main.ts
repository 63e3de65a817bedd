#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { ConfigError, readConfig } from './config/read-config.ts';
import { ListenError, serve } from './serve.ts';
import { StoreError } from './store/store-error.ts';
import { VERSION } from './version.ts';

const HELP = `bunting-server ${VERSION}: feature flags that know about deploys

Usage: bunting-server [serve] [options]

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
`;

/** The exit code when the command line or the configuration is wrong. */
const USAGE_ERROR = 2;

class UsageError extends Error {}

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
      config: text,
      help: { type: 'boolean' },
      version: { type: 'boolean' },
    },
  });
  const [command = 'serve', extra] = positionals;
  if (command !== 'serve' || extra !== undefined) {
    throw new UsageError(`Unknown command: ${positionals.join(' ')}. There is: serve`);
  }
  return values;
}

async function main(): Promise<void> {
  const { help, version, ...flags } = readArguments();
  if (help) return void process.stdout.write(HELP);
  if (version) return void process.stdout.write(`${VERSION}\n`);
  await serve(readConfig({ flags, env: process.env }));
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
