import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../../tools/steps.ts';

/** All files of the project but those that git ignores, as paths from its folder. */
export function listFiles(): readonly string[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard'];
  const listed = execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 16 * 1024 * 1024 });
  return listed.split('\n').filter((file) => file !== '' && existsSync(join(root, file)));
}

/** Links of a document that lead to no file here, or to no heading of it, each with its line. */
export function findBrokenLinks(document: string): readonly string[] {
  return linesOutsideFences(document).flatMap(({ text, line }) => {
    const targets = [...text.matchAll(/\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)$/g)].map(
      ([, inline, below]) => inline ?? below,
    );
    return targets
      .filter((target) => target !== undefined && !/^[a-z]+:/.test(target) && !leadsSomewhere(document, target))
      .map((target) => `${document}:${line} ${target}`);
  });
}

function leadsSomewhere(document: string, target: string): boolean {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? document : join(dirname(document), path);
  if (!existsSync(join(root, file))) return false;
  return anchor === undefined || headingAnchors(file).includes(anchor);
}

/** As GitHub makes them of headings. */
function headingAnchors(document: string): readonly string[] {
  return linesOutsideFences(document)
    .filter(({ text }) => /^#+ /.test(text))
    .map(({ text }) =>
      text
        .replace(/^#+ /, '')
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    );
}

/**
 * What a document names in `code` as a path of the project and is not there, each with its line: whatever begins with one
 * of its folders, and files of its kinds by their name or the end of their path, such as `flags/routes.ts`.
 */
export function findMissingPaths(document: string, files: readonly string[]): readonly string[] {
  const folders = new Set(files.filter((file) => file.includes('/')).map((file) => file.split('/')[0]));
  return linesOutsideFences(document).flatMap(({ text, line }) => {
    const named = [...text.matchAll(/`([\w@.*{},/-]+)`/g)].map(([, name = '']) => name);
    return named
      .filter((name) => (name.includes('/') ? folders.has(name.split('/')[0]) || isSource(name) : isSource(name)))
      .filter((name) => !isThere(name.replace(/\/$/, ''), files))
      .map((name) => `${document}:${line} ${name}`);
  });
}

function isSource(name: string): boolean {
  return /[\w*}]\.(tsx?|mjs|sh)$/.test(name);
}

function isThere(name: string, files: readonly string[]): boolean {
  const pattern = name
    .replace(/^(\.\.?\/)+/, '')
    .replaceAll('.', '\\.')
    .replaceAll('*', '[^/]*')
    .replaceAll(/\{([^}]*)\}/g, (_, either: string) => `(${either.replaceAll(',', '|')})`);
  const whole = new RegExp(`(^|/)${pattern}(/|$)`);
  return files.some((file) => whole.test(file));
}

function linesOutsideFences(document: string): readonly { readonly text: string; readonly line: number }[] {
  let isInside = false;
  return readFileSync(join(root, document), 'utf8')
    .split('\n')
    .map((text, index) => ({ text, line: index + 1 }))
    .filter(({ text }) => {
      if (!text.startsWith('```')) return !isInside;
      isInside = !isInside;
      return false;
    });
}
