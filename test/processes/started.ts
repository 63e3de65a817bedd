import type { Child } from '../../tools/child.ts';

const started = new Set<Child>();

/** Remembers a process, so that it does not outlive the tests even when they end badly. */
export function track(child: Child): Child {
  started.add(child);
  void child.ended.then(() => started.delete(child));
  return child;
}

process.on('exit', () => {
  for (const child of started) void child.kill();
});
