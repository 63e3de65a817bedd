import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApp } from './app.ts';
import { readConfig } from './config/read-config.ts';

/** Writes the OpenAPI document to the file named on the command line: `node dist/write-openapi.js FILE`. */
const [file] = process.argv.slice(2);
if (file === undefined) {
  process.stderr.write('Usage: node write-openapi.js FILE\n');
  process.exit(2);
}
const dataDir = mkdtempSync(join(tmpdir(), 'bunting-openapi-'));
process.on('exit', () => rmSync(dataDir, { recursive: true, force: true }));
const app = await buildApp({ ...readConfig(), dataDir, logLevel: 'silent' });
await app.ready();
writeFileSync(file, `${JSON.stringify(app.swagger(), null, 2)}\n`);
await app.close();
