import { spawnSync } from 'node:child_process';

/** Whether a process runs. One that has ended stays listed (state Z) until whoever inherited it takes notice. */
export function isAlive(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return !['', 'Z'].includes(stdout.trim().slice(0, 1));
}
