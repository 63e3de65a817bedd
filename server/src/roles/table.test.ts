import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PERMISSIONS, type Permission } from '../access/permissions.ts';
import { BUILT_IN_ROLES } from './role.ts';

/** The roles as the page for people shows them. */
function rolesTable(): string {
  const cells = (Object.keys(PERMISSIONS) as Permission[]).map((permission) => [
    `\`${permission}\``,
    PERMISSIONS[permission],
    ...BUILT_IN_ROLES.map(({ permissions, notInProduction }) => {
      if (!permissions.includes(permission)) return '';
      return notInProduction.includes(permission) ? '○' : '●';
    }),
  ]);
  const rows = [['permission', 'what', ...BUILT_IN_ROLES.map(({ key }) => key)], ...cells];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const line = (row: string[]) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}

test('docs/access.md shows the roles as they are', () => {
  const page = readFileSync(new URL('../../../docs/access.md', import.meta.url), 'utf8');
  const shown = /<!-- roles -->\n([\s\S]*?)\n?<!-- \/roles -->/.exec(page)?.[1]?.trim();
  // To mend it, put what is expected here between the two marks.
  expect(shown).toBe(rolesTable());
});
