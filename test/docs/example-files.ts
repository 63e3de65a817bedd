import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../tools/steps.ts';
import { type CodeBlock, tagValue } from './code-blocks.ts';

/** Ignored by git; inside `test`, so that examples find the packages. */
const examples = join(root, 'test/.examples');

/**
 * Writes the programs and named files of a document into a folder of their own, each with its code on the lines that it has
 * in the document, so that what is said of a line holds for both.
 *
 * @param translate may replace what stands in lines, but no lines
 */
export function writeExamples(
  document: string,
  blocks: readonly CodeBlock[],
  translate: (code: string) => string = (code) => code,
): string {
  const folder = join(examples, document.replace(/\.md$/, '').replaceAll('/', '-'));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const block of blocks) {
    const above = '\n'.repeat(block.line - 1);
    // Each program is a module, also one that imports nothing.
    if (isProgram(block)) writeFileSync(join(folder, fileOf(block)), `${above}${translate(block.code)}\nexport {};\n`);
    else if (tagValue(block, 'file')) writeFileSync(join(folder, fileOf(block)), `${translate(block.code)}\n`);
  }
  return folder;
}

export function isProgram({ language }: CodeBlock): boolean {
  return language === 'ts' || language === 'tsx';
}

export function fileOf(block: CodeBlock): string {
  return tagValue(block, 'file') ?? `line-${block.line}.${block.language}`;
}
