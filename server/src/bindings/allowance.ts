import type { FlagTarget } from '../interventions/intervention.ts';
import type { SignalSource } from '../signals/source.ts';

/** @param tagsOf the tags of a flag. @returns why a source may not touch a target; undefined: it may */
export function refusalOf(
  { key, project, allow }: SignalSource,
  target: FlagTarget,
  tagsOf: (project: string, flag: string) => ReadonlySet<string>,
): string | undefined {
  const { projects, environments, flags, tags } = allow;
  const refuse = (what: string) => `The source "${key}" may not touch ${what}: widen what it may, or mend the binding.`;
  if (project !== undefined && project !== target.project) return refuse(`project "${target.project}"`);
  if (projects?.includes(target.project) === false) return refuse(`project "${target.project}"`);
  if (environments?.includes(target.environment) === false) return refuse(`environment "${target.environment}"`);
  if (flags === undefined && tags === undefined) return undefined;
  const own = tagsOf(target.project, target.flag);
  if (flags?.includes(target.flag) === true || tags?.some((tag) => own.has(tag)) === true) return undefined;
  return refuse(`flag "${target.flag}"`);
}
