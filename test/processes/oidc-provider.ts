import { join } from 'node:path';
import { startChild } from '../../tools/child.ts';
import { track } from './started.ts';
import { makeTempFolder } from './temp-folder.ts';

export interface TestOidcProvider {
  readonly issuer: string;
  readonly clientSecret: string;
  stop(): Promise<void>;
}

/** A real provider of OpenID Connect in a process of its own. @param people the claims of each, by the name they type */
export async function startOidcProvider(
  redirectUri: string,
  people: Readonly<Record<string, object>>,
): Promise<TestOidcProvider> {
  const folder = makeTempFolder();
  const clientSecret = 'a client secret';
  const env = { PEOPLE: JSON.stringify(people), REDIRECT_URI: redirectUri, CLIENT_SECRET: clientSecret };
  const log = join(folder.path, 'provider.log');
  const child = track(startChild('provider', ['test/processes/oidc-provider-main.ts'], env, log));
  const issuer = (await child.line(/^provider: listening on (http\S+)/))[1] ?? '';
  return {
    issuer,
    clientSecret,
    stop: async () => {
      await child.stop();
      folder.remove();
    },
  };
}
