import * as z from 'zod';
import { CommandError, EXIT, type ExitCode } from '../exit-code.ts';
import type { Output } from '../output.ts';
import { readText } from '../read-document.ts';
import { verifyExport } from './machine.js';

/** As far as it has to be known before the machine looks at it. */
const Export = z.object({
  format: z.literal('bunting-release'),
  version: z.literal(1),
  release: z.object({ id: z.string(), title: z.string() }),
  spec: z.object({ stages: z.array(z.object({})), flags: z.array(z.object({})) }),
  decisions: z.array(
    z.object({
      atMs: z.number().min(-8.64e15).max(8.64e15),
      decision: z.string(),
      facts: z.object({}),
      after: z.object({}),
      basis: z.object({ machine: z.number(), before: z.object({}) }).nullable(),
    }),
  ),
  gates: z.array(z.object({ gate: z.object({ name: z.string() }), measurements: z.array(z.object({})) })),
  audit: z.array(z.object({ previousHash: z.string(), event: z.object({ hash: z.string() }) })).nullable(),
});

/**
 * Makes every decision of an exported release again, without the server, and says where it comes to something else.
 * @returns 0 when nothing does; 1 otherwise
 * @throws {CommandError} when the file holds no export
 */
export function verify(file: string, isJson: boolean, output: Output): ExitCode {
  const exported = readExport(file);
  const { same, gates, unknown, problems } = verifyExport(exported);
  if (isJson) {
    output.result(JSON.stringify({ same, gates, unknown, problems }, null, 2));
    return problems.length === 0 ? EXIT.ok : EXIT.failed;
  }
  const { release, audit } = Export.parse(exported);
  output.result(
    `${release.title} (${release.id}): ${same} of ${exported.decisions.length} decisions follow from their facts.`,
  );
  if (exported.gates.length > 0) {
    output.result(`  ${gates} of ${exported.gates.length} gates follow from what they measured.`);
  }
  for (const sentence of unknown) output.result(`  not looked at: ${sentence}`);
  for (const sentence of problems) output.result(`  WRONG: ${sentence}`);
  if (audit === null)
    output.note('The export has no audit events (its reader lacks audit:read): what it leaves out is not found.');
  return problems.length === 0 ? EXIT.ok : EXIT.failed;
}

/** Only what is counted of it is named. */
interface Exported {
  readonly decisions: readonly unknown[];
  readonly gates: readonly unknown[];
}

function readExport(file: string): Exported {
  let value: unknown;
  try {
    value = JSON.parse(readText(file, 'The export'));
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`${file} is no JSON: ${error instanceof Error ? error.message : error}`);
  }
  const checked = Export.safeParse(value);
  if (checked.success) return value as Exported;
  const [issue] = checked.error.issues;
  const place = issue?.path.join('.') ?? '';
  throw new CommandError(
    `${file} is no export of a release (${place}: ${issue?.message}): bunting release export ID > ${file}`,
  );
}
