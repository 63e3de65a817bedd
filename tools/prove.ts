import { build } from './build.ts';
import { run } from './steps.ts';

/**
 * The long proofs: the same files as the short seeded samples in `npm test`, at full length (BUNTING_PROVE=1).
 * `npm run prove -- FILTER ...` runs only the proofs whose file names contain a filter; `--record` puts the figures and pictures
 * of those that have some into docs.
 */
process.env.BUNTING_PROVE = '1';
const filters = process.argv.slice(2).filter((argument) => argument !== '--record');
if (filters.length < process.argv.length - 2) process.env.BUNTING_RECORD = '1';
const proofs = ['--project', 'chaos', '--project', 'core'];
const passed = (await build()) && (await run(['vitest', 'run', ...proofs, ...filters], 'always')).exitCode === 0;
process.exitCode = passed ? 0 : 1;
