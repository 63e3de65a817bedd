import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../tools/steps.ts';

/** A fenced block of a Markdown file: ```` ```ts run file=server.ts ````. */
export interface CodeBlock {
  /** `ts`, `tsx`, `sh`, `json` ... */
  readonly language: string;
  /** What stands after the language: see `run-guide.ts`. */
  readonly tags: readonly string[];
  readonly code: string;
  /** The line of the Markdown file on which the code begins, from 1. */
  readonly line: number;
}

/** @param document path from the project's folder */
export function readCodeBlocks(document: string): readonly CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let open: { info: string; line: number; lines: string[] } | undefined;
  for (const [index, line] of readFileSync(join(root, document), 'utf8').split('\n').entries()) {
    if (!line.startsWith('```')) open?.lines.push(line);
    else if (open === undefined) open = { info: line.slice(3), line: index + 2, lines: [] };
    else {
      const [language = '', ...tags] = open.info.split(' ');
      blocks.push({ language, tags, code: open.lines.join('\n'), line: open.line });
      open = undefined;
    }
  }
  if (open !== undefined) throw new Error(`${document}:${open.line} a fenced block is not closed`);
  return blocks;
}

/** The value of a tag: `server.ts` for `file` in `file=server.ts`. */
export function tagValue({ tags }: CodeBlock, name: string): string | undefined {
  return tags.find((tag) => tag.startsWith(`${name}=`))?.slice(name.length + 1);
}
