/** What an operator allows: to one project, or to all. */
export interface ForProject {
  /** Key; undefined: it is for every project. */
  readonly project?: string | undefined;
  readonly value: string;
}

/** `shop=/run/bunting/shop` is for the project shop alone, `/run/bunting` for all. No value begins with what could be a key and `=`. */
export function readForProject(entry: string): ForProject {
  const [, project, value = entry] = /^([^/=]+)=(.*)$/.exec(entry) ?? [];
  return { project, value };
}

export function isFor({ project }: ForProject, key: string): boolean {
  return project === undefined || project === key;
}
