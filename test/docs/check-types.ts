import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../tools/steps.ts';

const compilerOptions = {
  noEmit: true,
  composite: false,
  rewriteRelativeImportExtensions: false,
  allowImportingTsExtensions: true,
  lib: ['es2023', 'dom'],
  jsx: 'react-jsx',
  types: ['node'],
};

/**
 * What the type checker says against the programs in a folder, by line of the document that they are from; empty when they
 * are right.
 *
 * @param frame file of `frames/` that declares what fragments only mention, such as `user`
 */
export async function checkTypes(folder: string, frame?: string): Promise<string> {
  if (frame !== undefined) copyFileSync(join(import.meta.dirname, 'frames', frame), join(folder, frame));
  const config = join(folder, 'tsconfig.json');
  const base = join(import.meta.dirname, '../../tsconfig.base.json');
  writeFileSync(config, JSON.stringify({ extends: base, compilerOptions, include: ['*'] }));
  return (await run(['tsc', '--pretty', 'false', '-p', config])).output;
}
