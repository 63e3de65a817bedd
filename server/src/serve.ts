import { buildApp } from './app.ts';
import type { Config } from './config/config.ts';
import { runApp } from './run-app.ts';
import type { Services } from './services.ts';

/** Runs the server as this process. */
export async function serve(config: Config): Promise<void> {
  const app = await buildApp(config);
  announce(await runApp(app, config), config.publicUrl, app.bunting);
}

/** Tells the terminal, and a launcher that reads it, where the server is and what to do first. */
function announce(address: string, publicUrl = address, { firstKeys, setupToken }: Services): void {
  const lines = [`bunting: listening on ${address}`];
  if (setupToken !== undefined)
    lines.push(`bunting: create the owner account at ${publicUrl}/setup?token=${setupToken}`);
  if (firstKeys.length > 0) {
    lines.push('bunting: keys of the first project, shown only this once:');
    for (const { environment, kind, secret } of firstKeys) {
      lines.push(`bunting:   ${environment.padEnd(11)} ${kind} key  ${secret}`);
    }
  }
  process.stdout.write(`${lines.join('\n')}\n`);
}
