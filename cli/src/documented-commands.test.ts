import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { buildProgram } from './program.ts';

const documents = ['../README.md', '../../docs/guides/pipelines.md', '../../docs/guides/gates.md'];
const commands = documents.flatMap((document) => {
  const text = readFileSync(new URL(document, new URL('.', import.meta.url)), 'utf8');
  const lines = [...text.matchAll(/^ *bunting (.*)$/gm)].flatMap(([, line = '']) => expandChoices(line));
  return lines.map((line) => ({ document, line }));
});

test('the documentation has commands', () => {
  expect(commands.length).toBeGreaterThan(30);
});

test.each(commands)('$document: bunting $line', async ({ line }) => {
  const said: string[] = [];
  const take = (text: string) => said.push(text);
  const program = buildProgram({}, { result: take, note: take }, () => {});
  const begun = vi.fn();
  for (const command of [program, ...program.commands, ...program.commands.flatMap((each) => each.commands)]) {
    command.exitOverride().configureOutput({ writeErr: take, writeOut: take });
    // What a command does is not the question, whether there is such a command is.
    if (command.commands.length === 0) command.action(() => begun());
  }
  await program.parseAsync(wordsOf(line), { from: 'user' });
  expect(said).toEqual([]);
  expect(begun).toHaveBeenCalledOnce();
});

/** `release pause|abort ID` is two commands. */
function expandChoices(line: string): readonly string[] {
  const [, before = '', choice = '', after = ''] = /^([\w ]*?)(\w+(?:\|\w+)+)(.*)$/.exec(line) ?? [];
  return choice === '' ? [line] : choice.split('|').map((each) => `${before}${each}${after}`);
}

/** The words of a simple command, up to a comment, a pipe or a redirection. */
function wordsOf(line: string): readonly string[] {
  const words = [...line.matchAll(/"([^"]*)"|'([^']*)'|([^\s"']+)/g)].map(([word, double, single]) => ({
    bare: double === undefined && single === undefined,
    text: double ?? single ?? word,
  }));
  const end = words.findIndex(({ bare, text }) => bare && /^[#|>&]/.test(text));
  return words.slice(0, end === -1 ? words.length : end).map(({ text }) => text);
}
