import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';

/**
 * While the file DISK_FULL_FILE exists, what this process writes through file handles of `node:fs/promises` fails with
 * ENOSPC: files can be made and opened, as on a full disk, but nothing can be put into them.
 */
const mark = process.env.DISK_FULL_FILE ?? '';

type Write = (...args: unknown[]) => Promise<unknown>;

const some = await open(import.meta.filename, 'r');
const handles = Object.getPrototypeOf(some) as Record<string, Write>;
await some.close();

for (const name of ['write', 'writev', 'writeFile', 'appendFile']) {
  const write = handles[name];
  if (write === undefined) throw new Error(`file handles have no ${name} any more`);
  handles[name] = async function (this: unknown, ...args) {
    if (existsSync(mark)) throw noSpace();
    return write.apply(this, args);
  };
}

function noSpace(): Error {
  return Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', syscall: 'write' });
}
