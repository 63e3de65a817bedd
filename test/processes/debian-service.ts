import { type Child, spawnChild } from '../../tools/child.ts';
import type { DebianProgram } from '../../tools/debian.ts';
import { track } from './started.ts';

/** Prometheus or Alertmanager as they are, in a process of its own. */
export interface DebianService {
  readonly url: string;
  readonly child: Child;
  stop(): Promise<void>;
}

/** Starts one on a free port of 127.0.0.1. It says in its log which one it took. */
export async function startDebianService(
  name: string,
  { path, env, cwd }: DebianProgram,
  args: readonly string[],
  logFile: string,
): Promise<DebianService> {
  const options = [...args, '--web.listen-address=127.0.0.1:0'];
  const child = track(spawnChild({ name, path, args: options, env, cwd, logFile }));
  const [, address] = await child.line(/msg="Listening on" address=(\S+)/);
  return { url: `http://${address}`, child, stop: () => child.stop() };
}
