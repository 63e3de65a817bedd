import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { Config, SOURCES, type Source } from './config.ts';

/** The configuration cannot be used; the message names each setting and its fix. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

export interface ConfigInput {
  /** Flags by name, such as `{port: '4242'}`; `config` names a JSON file. They win over `env`. */
  readonly flags?: Readonly<Record<string, string | undefined>>;
  /** Environment variables. They win over the file. An empty one counts as absent. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

const SETTINGS = Object.entries(SOURCES) as [keyof Config, Source][];

/**
 * Reads the configuration from flags, environment variables and a file, in this order of precedence.
 * @throws {ConfigError} naming every wrong setting
 */
export function readConfig({ flags = {}, env = {} }: ConfigInput = {}): Config {
  const values: Record<string, unknown> = { ...readFile(flags.config) };
  const origins: Record<string, string> = {};
  for (const name of Object.keys(values)) origins[name] = `${name} in ${flags.config}`;
  for (const [name, { variable, flag }] of SETTINGS) {
    const fromFlag = flag === undefined ? undefined : flags[flag];
    const fromEnv = env[variable];
    if (fromFlag !== undefined) {
      values[name] = fromFlag;
      origins[name] = `--${flag}`;
    } else if (fromEnv !== undefined && fromEnv !== '') {
      values[name] = fromEnv;
      origins[name] = variable;
    }
  }
  const result = Config.safeParse(values);
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap((issue) => describe(issue, origins, flags.config));
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

/** Never repeats the value: it may be a secret. */
function describe(issue: z.core.$ZodIssue, origins: Record<string, string>, file: string | undefined): string[] {
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(SOURCES).join(', ');
    return issue.keys.map((key) => `${key} in ${file}: there is no such setting; known are ${known}`);
  }
  const setting = String(issue.path[0]);
  return [`${origins[setting] ?? setting}: ${issue.message}`];
}
