import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { Config, SOURCES, type Source } from './config.ts';
import { RELAY_SOURCES, RelayConfig } from './relay-config.ts';

/** The configuration cannot be used; the message names each setting and its fix. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

export interface ConfigInput {
  /** Flags by name, such as `{port: '4242'}`; `config` names a JSON file. They win over `env`. */
  readonly flags?: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Environment variables. They win over the file. An empty one counts as absent. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * Reads the server's configuration from flags, environment variables and a file, in this order of precedence.
 * @throws {ConfigError} naming every wrong setting
 */
export function readConfig(input?: ConfigInput): Config {
  return readSettings(Config, SOURCES, input);
}

/** The same for a relay. */
export function readRelayConfig(input?: ConfigInput): RelayConfig {
  return readSettings(RelayConfig, RELAY_SOURCES, input);
}

type Sources = Readonly<Record<string, Source>>;

function readSettings<T>(schema: z.ZodType<T>, sources: Sources, { flags = {}, env = {} }: ConfigInput = {}): T {
  const file = typeof flags.config === 'string' ? flags.config : undefined;
  const values: Record<string, unknown> = { ...readFile(file) };
  const origins: Record<string, string> = {};
  for (const name of Object.keys(values)) origins[name] = `${name} in ${file}`;
  for (const [name, { variable, alias, flag }] of Object.entries(sources)) {
    const fromFlag = flag === undefined ? undefined : flags[flag];
    const inEnv = [variable, alias].find((candidate) => candidate !== undefined && (env[candidate] ?? '') !== '');
    if (fromFlag !== undefined) {
      values[name] = fromFlag;
      origins[name] = `--${flag}`;
    } else if (inEnv !== undefined) {
      values[name] = env[inEnv];
      origins[name] = inEnv;
    }
  }
  const result = schema.safeParse(values);
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap((issue) => describe(issue, { origins, sources, file }));
  throw new ConfigError(`The configuration cannot be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
}

function readFile(path: string | undefined): Record<string, unknown> {
  if (path === undefined) return {};
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new ConfigError(`Cannot read the configuration file ${path} (--config): ${(error as Error).message}`);
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new ConfigError(`The configuration file ${path} (--config) must hold a JSON object such as {"port": 4242}.`);
  }
  return content as Record<string, unknown>;
}

interface Places {
  readonly origins: Readonly<Record<string, string>>;
  readonly sources: Sources;
  readonly file: string | undefined;
}

/** Never repeats the value: it may be a secret. */
function describe(issue: z.core.$ZodIssue, { origins, sources, file }: Places): string[] {
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(sources).join(', ');
    return issue.keys.map((key) => `${key} in ${file}: there is no such setting; known are ${known}`);
  }
  const setting = String(issue.path[0]);
  const { variable = setting, flag } = sources[setting] ?? {};
  const missing = flag === undefined ? variable : `--${flag} or ${variable}`;
  return [`${origins[setting] ?? missing}: ${issue.message}`];
}
