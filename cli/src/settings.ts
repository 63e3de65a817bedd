import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { CommandError } from './exit-code.ts';

/** Where the server is and who calls it. */
export interface Settings {
  /** Without a slash at its end. */
  readonly url: string;
  readonly token: string;
  readonly project: string;
}

/** What was given on the command line. A token is not among it: other users of the machine can read options. */
export interface GivenSettings {
  readonly url?: string | undefined;
  readonly tokenFile?: string | undefined;
  readonly project?: string | undefined;
}

const Url = z.url({ protocol: /^https?$/ });
const Token = z.string().regex(/^bnt_(pat|svc|adm)_\S+$/);

/**
 * Options, then BUNTING_URL, BUNTING_TOKEN (or BUNTING_TOKEN_FILE) and BUNTING_PROJECT. The project is `default` unless given.
 * @throws {CommandError} that says what is missing
 */
export function readSettings(given: GivenSettings, env: NodeJS.ProcessEnv): Settings {
  const url = Url.safeParse(given.url ?? env.BUNTING_URL);
  if (!url.success) {
    throw new CommandError('Say where the server is: BUNTING_URL=https://flags.example.com, or --url.');
  }
  const file = given.tokenFile ?? env.BUNTING_TOKEN_FILE;
  const token = Token.safeParse(file === undefined ? env.BUNTING_TOKEN : readToken(file));
  if (!token.success) {
    throw new CommandError(
      'Say who you are: BUNTING_TOKEN, or a file that holds it (--token-file), with the token of a service account ' +
        '(bnt_svc_...) or your own (bnt_pat_...). The admin UI makes them.',
    );
  }
  return {
    url: url.data.replace(/\/+$/, ''),
    token: token.data,
    project: given.project ?? env.BUNTING_PROJECT ?? 'default',
  };
}

function readToken(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new CommandError(`The token could not be read: ${error instanceof Error ? error.message : error}`);
  }
}
