#!/usr/bin/env node
import { CommanderError } from 'commander';
import { CommandError, EXIT } from './exit-code.ts';
import { standardOutput } from './output.ts';
import { buildProgram } from './program.ts';

const program = buildProgram(process.env, standardOutput, (code) => {
  process.exitCode = code;
});

// Who reads it has heard enough, such as `head`: how it ends is still told by the exit code.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    standardOutput.note('Stopped. What was begun goes on.');
    process.exit(EXIT.interrupted);
  });
}

try {
  // Commander ends the process by itself otherwise, with codes of its own.
  for (const command of [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)]) {
    command.exitOverride();
  }
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  } else if (error instanceof CommandError) {
    standardOutput.note(error.message);
    process.exitCode = error.exitCode;
  } else {
    throw error;
  }
}
