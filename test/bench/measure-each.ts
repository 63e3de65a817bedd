import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Wishes } from './choose.ts';
import type { Subject } from './subject.ts';

const program = join(import.meta.dirname, 'main.ts');
/** Longer than any subject takes: one that hangs ends, and the others have their turn. */
const timeoutMs = 3 * 60 * 60_000;

/**
 * Measures one subject after the other, each in a process of its own: none finds the memory or the type feedback of the
 * ones before, and one that crashes ends alone. Throws at the end when some failed, with the command that runs these again.
 */
export async function measureEach(subjects: readonly Subject[], wishes: Wishes, main = program): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bunting-bench-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  const part = join(folder, 'part.json');
  const results: unknown[] = [];
  const failed: string[] = [];
  for (const [index, { name }] of subjects.entries()) {
    console.error(`\n${index + 1} of ${subjects.length}: ${name}`);
    const args = [...(wishes.quick ? ['--quick'] : []), ...(wishes.record ? ['--record'] : []), '--json', part];
    if (!(await runToItsEnd([main, name, ...args]))) failed.push(name);
    else results.push(...JSON.parse(readFileSync(part, 'utf8')));
    // After each subject: whatever comes later loses nothing.
    if (wishes.json !== undefined) writeFileSync(wishes.json, `${JSON.stringify(results, null, 2)}\n`);
  }
  process.off('exit', remove);
  remove();
  if (failed.length === 0) return;
  const again = `npm run bench -- ${failed.join(' ')}${wishes.record ? ' --record' : ''}`;
  throw new Error(`${failed.length} of ${subjects.length} could not be measured; again by: ${again}`);
}

/** Whether it ended well. It does not outlive this process. */
function runToItsEnd(args: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { stdio: 'inherit', timeout: timeoutMs });
    const end = () => void child.kill();
    process.once('exit', end);
    child.once('close', (code) => {
      process.off('exit', end);
      resolve(code === 0);
    });
  });
}
