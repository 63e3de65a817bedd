import { writeFileSync } from 'node:fs';
import { buildApp } from './app.ts';
import { readConfig } from './config/read-config.ts';
import { IN_MEMORY } from './store/open-sqlite.ts';

/** Writes the OpenAPI document to the file named on the command line: `node dist/write-openapi.js FILE`. */
const [file] = process.argv.slice(2);
if (file === undefined) {
  process.stderr.write('Usage: node write-openapi.js FILE\n');
  process.exit(2);
}
const app = await buildApp({ ...readConfig(), dataDir: IN_MEMORY, logLevel: 'silent' });
await app.ready();
writeFileSync(file, `${JSON.stringify(app.swagger(), null, 2)}\n`);
await app.close();
