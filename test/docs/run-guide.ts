import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Child, startChild } from '../../tools/child.ts';
import { track } from '../processes/started.ts';
import { type CodeBlock, tagValue } from './code-blocks.ts';
import { fileOf, isProgram } from './example-files.ts';

/**
 * A document whose blocks say by their tags what becomes of them:
 *
 * - `run`: it is run to its end, which must be a good one.
 * - `serve`: it is started, and awaited until it says where it listens; it ends with the guide.
 * - `output`: what the block before it has printed.
 * - `url=...`: what a browser shows there.
 * - `file=...`: what it is called, for others that import it.
 */
export interface Guide {
  readonly blocks: readonly CodeBlock[];
  /** Where its programs were written. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** Puts the addresses and keys of the test in the place of those in the text. */
  readonly translate: (code: string) => string;
  /** What a browser shows, at last what is wanted; null when there is no browser. */
  readonly look: (url: string, wanted: string) => Promise<string | null>;
}

/** One thing that did not come out as the document says. */
export interface Difference {
  readonly line: number;
  readonly said: string;
  readonly seen: string;
}

const runTimeoutMs = 20_000;

/** Runs a guide from top to bottom. */
export async function runGuide(guide: Guide): Promise<readonly Difference[]> {
  const differences: Difference[] = [];
  const serving: Child[] = [];
  let printed = '';
  try {
    for (const block of guide.blocks) {
      const said = guide.translate(block.code).trim();
      const url = tagValue(block, 'url');
      let seen: string | null = said;
      if (block.tags.includes('run')) printed = await runBlock(block, guide);
      else if (block.tags.includes('serve')) serving.push(await serveBlock(block, guide));
      else if (block.tags.includes('output')) seen = printed.trim();
      else if (url !== undefined) seen = await guide.look(guide.translate(url), said);
      if (seen !== null && seen !== said) differences.push({ line: block.line, said, seen });
    }
  } finally {
    for (const child of serving) await child.stop();
  }
  return differences;
}

async function runBlock(block: CodeBlock, { folder, env, translate }: Guide): Promise<string> {
  const program = isProgram(block) ? process.execPath : 'bash';
  const args = isProgram(block) ? [fileOf(block)] : ['-euc', translate(block.code)];
  const options = { cwd: folder, env: { ...process.env, ...env }, timeout: runTimeoutMs };
  return (await promisify(execFile)(program, args, options)).stdout;
}

async function serveBlock(block: CodeBlock, { folder, env }: Guide): Promise<Child> {
  const name = fileOf(block);
  const child = track(startChild(name, [join(folder, name)], env, join(folder, `${name}.log`)));
  await child.line(/listening/i);
  return child;
}
