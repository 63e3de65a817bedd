export { EXIT, type ExitCode } from './exit-code.ts';
