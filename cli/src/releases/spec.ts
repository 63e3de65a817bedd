import type { Schemas } from '../api/client.ts';
import { readDuration } from '../duration.ts';
import { CommandError } from '../exit-code.ts';
import { readDocument } from '../read-document.ts';
import { readShare } from '../share.ts';

export type ReleaseInput = Schemas['ReleaseInput'];

/** What was given on the command line instead of a file. */
export interface GivenSpec {
  readonly file?: string | undefined;
  readonly title?: string | undefined;
  readonly environment?: string | undefined;
  readonly flag?: string | undefined;
  readonly candidate?: string | undefined;
  readonly baseline?: string | undefined;
  readonly rule?: string | undefined;
  readonly stages?: string | undefined;
  readonly soak?: string | undefined;
  readonly bake?: string | undefined;
}

/** What to release: a file with the body of `POST .../releases`, or options. Options win. @throws {CommandError} */
export function readSpec(given: GivenSpec): ReleaseInput {
  const file: Partial<ReleaseInput> | undefined =
    given.file === undefined ? undefined : readDocument(given.file, 'The release');
  const { title, environment, flag, bake } = given;
  const isByOptions = flag !== undefined;
  if (file === undefined && !isByOptions) {
    throw new CommandError('Say what to release: --file release.yaml, or --flag KEY --environment KEY.');
  }
  const stages = readStages(given);
  return {
    strategy: 'flag_only',
    ...(file ?? {}),
    ...(isByOptions ? { flags: [toFlag(given, flag)] } : {}),
    ...(environment === undefined ? {} : { environment }),
    ...(stages === undefined ? {} : { stages }),
    ...(bake === undefined ? {} : { bakeSeconds: readDuration(bake, '--bake') }),
    title: title ?? file?.title ?? `Release ${flag}`,
  } as ReleaseInput;
}

function toFlag(
  { candidate = 'on', baseline = 'off', rule }: GivenSpec,
  flag: string,
): NonNullable<ReleaseInput['flags']>[number] {
  return { flag, candidate, baseline, ...(rule === undefined ? {} : { rule }) };
}

/** `5,20,50,100`: percents, each watched for `--soak`. */
function readStages({ stages, soak }: GivenSpec): ReleaseInput['stages'] {
  if (stages === undefined) {
    if (soak !== undefined) throw new CommandError('--soak needs --stages, such as 5,20,50,100.');
    return undefined;
  }
  const soakSeconds = readDuration(soak ?? '10m', '--soak');
  return stages.split(',').map((text) => ({ flagsPer100k: readShare(text, '--stages'), soakSeconds }));
}
