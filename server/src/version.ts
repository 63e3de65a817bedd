import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** This package's version. */
export const VERSION: string = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')).version;
