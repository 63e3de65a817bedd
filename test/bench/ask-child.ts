import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Runs a module in a fresh process until it is gone; resolves with the message that it sent. What it prints is not read. */
export function askChild<Reply>(file: URL, args: readonly string[], nodeFlags: readonly string[] = []): Promise<Reply> {
  const child = fork(fileURLToPath(file), [...args], {
    execArgv: [...nodeFlags],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return new Promise((resolve, reject) => {
    let reply: { readonly message: Reply } | undefined;
    child.on('message', (message: Reply) => {
      reply = { message };
    });
    child.on('error', reject);
    // Only when it is gone: the next one shall have the machine for itself.
    child.on('exit', (code, signal) => {
      if (reply) resolve(reply.message);
      else reject(new Error(`a process of the bench ended (${signal ?? code}) without an answer; its output is above`));
    });
  });
}
