import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made = new Set<string>();

/** A new empty folder, and the way to be rid of it. It does not outlive this process, however that ends by itself. */
export function makeTempFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'bunting-test-'));
  made.add(path);
  return {
    path,
    remove() {
      made.delete(path);
      removeFolder(path);
    },
  };
}

function removeFolder(path: string): void {
  // A process that is just being killed may still write into it.
  rmSync(path, { recursive: true, force: true, maxRetries: 5 });
}

process.on('exit', () => {
  for (const path of made) removeFolder(path);
});
