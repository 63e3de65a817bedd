import { randomBytes } from 'node:crypto';
import { Api } from '../../tools/demo-api.ts';
import { type ProgramOptions, startProgram, type TestProgram } from './program.ts';

/** The real server. */
export interface TestServer extends TestProgram {
  readonly adminKey: string;
  readonly api: Api;
  /** The one-time link of the latest start; empty when there is an owner. */
  readonly setupUrl: string;
}

export interface ServerOptions extends ProgramOptions {
  /** Servers on one database share it. */
  readonly adminKey?: string;
}

export async function startServer({ adminKey = newAdminKey(), ...options }: ServerOptions = {}): Promise<TestServer> {
  const env = { BUNTING_BOOTSTRAP_ADMIN_KEY: adminKey, ...options.env };
  const program = await startProgram('serve', { ...options, env });
  let setupUrl = await setupUrlOf(program);
  return {
    ...program,
    get child() {
      return program.child;
    },
    adminKey,
    api: new Api(program.url, adminKey),
    get setupUrl() {
      return setupUrl;
    },
    restart: async (build) => {
      await program.restart(build);
      setupUrl = await setupUrlOf(program);
    },
  };
}

export function newAdminKey(): string {
  return `bnt_adm_${randomBytes(32).toString('base64url')}`;
}

async function setupUrlOf({ url, child }: TestProgram): Promise<string> {
  const { required } = (await (await fetch(`${url}/api/v1/setup`)).json()) as { required: boolean };
  return required ? ((await child.line(/owner account at (http\S+)/))[1] ?? '') : '';
}
