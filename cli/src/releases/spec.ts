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
  /** Key of a traffic target, and the two versions between which it divides. */
  readonly traffic?: string | undefined;
  readonly toVersion?: string | undefined;
  readonly fromVersion?: string | undefined;
  /** Key of a migration plan. */
  readonly migration?: string | undefined;
}

/**
 * What to release: a template, over it a file with the body of `POST .../releases`, over it options.
 * @throws {CommandError}
 */
export function readSpec(given: GivenSpec, template?: Partial<ReleaseInput>): ReleaseInput {
  const file: Partial<ReleaseInput> | undefined =
    given.file === undefined ? undefined : readDocument(given.file, 'The release');
  const { title, environment, flag, bake, migration } = given;
  const traffic = readTraffic(given);
  const [what] = [flag, traffic?.candidate, migration].filter((one) => one !== undefined);
  if (file === undefined && what === undefined) {
    throw new CommandError('Say what to release: --file release.yaml, or --flag KEY --environment KEY.');
  }
  const moves = {
    flags: flag !== undefined || file?.flags !== undefined,
    traffic: (traffic ?? file?.traffic) !== undefined,
  };
  const stages = readStages(given, moves);
  return {
    strategy: migration !== undefined ? 'migration' : moves.traffic ? 'canary' : 'flag_only',
    ...template,
    ...file,
    ...(flag === undefined ? {} : { flags: [toFlag(given, flag)] }),
    ...(traffic === undefined ? {} : { traffic }),
    ...(migration === undefined ? {} : { migration: { plan: migration } }),
    ...(environment === undefined ? {} : { environment }),
    ...(stages === undefined ? {} : { stages }),
    ...(bake === undefined ? {} : { bakeSeconds: readDuration(bake, '--bake') }),
    title: title ?? file?.title ?? `Release ${what}`,
  } as ReleaseInput;
}

function toFlag(
  { candidate = 'on', baseline = 'off', rule }: GivenSpec,
  flag: string,
): NonNullable<ReleaseInput['flags']>[number] {
  return { flag, candidate, baseline, ...(rule === undefined ? {} : { rule }) };
}

function readTraffic({ traffic: target, toVersion, fromVersion }: GivenSpec): ReleaseInput['traffic'] {
  if (target === undefined && toVersion === undefined && fromVersion === undefined) return undefined;
  if (target !== undefined && toVersion !== undefined && fromVersion !== undefined) {
    return { target, candidate: toVersion, baseline: fromVersion };
  }
  throw new CommandError('--traffic TARGET, --to-version and --from-version go together.');
}

/** `5,20,50,100`: percents of all that the release moves by shares, each watched for `--soak`. */
function readStages(
  { stages, soak }: GivenSpec,
  moves: { readonly flags: boolean; readonly traffic: boolean },
): ReleaseInput['stages'] {
  if (stages === undefined) {
    if (soak !== undefined) throw new CommandError('--soak needs --stages, such as 5,20,50,100.');
    return undefined;
  }
  const soakSeconds = readDuration(soak ?? '10m', '--soak');
  return stages.split(',').map((text) => {
    const share = readShare(text, '--stages');
    return {
      ...(moves.traffic ? { trafficPer100k: share } : {}),
      ...(moves.flags || !moves.traffic ? { flagsPer100k: share } : {}),
      soakSeconds,
    };
  });
}
