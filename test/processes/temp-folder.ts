import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new empty folder, and the way to be rid of it. */
export function makeTempFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'bunting-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
