import { run } from './steps.ts';

/** Formats everything and applies the linter's safe fixes. */
const { exitCode } = await run(['biome', 'check', '--write', '.'], 'always');
process.exitCode = exitCode;
