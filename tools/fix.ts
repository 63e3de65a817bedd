import { run } from './steps.ts';

/** Formats everything, applies the linter's safe fixes, and renews the catalogue of the admin UI's words. */
const formatted = await run(['biome', 'check', '--write', '.'], 'always');
const words = await run(['npm', '--prefix', 'admin-ui', 'run', '--silent', 'words'], 'always');
process.exitCode = formatted.exitCode || words.exitCode;
