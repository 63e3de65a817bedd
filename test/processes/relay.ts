import { type ProgramOptions, startProgram, type TestProgram } from './program.ts';

/** The real relay. @param key relay key of the environment that it serves */
export function startRelay(upstreamUrl: string, key: string, options: ProgramOptions = {}): Promise<TestProgram> {
  const env = { BUNTING_RELAY_UPSTREAM: upstreamUrl, BUNTING_RELAY_KEYS: key, ...options.env };
  return startProgram('relay', { ...options, env });
}
