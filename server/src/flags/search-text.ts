/** What a search looks in: a flag's texts in lower case, by Unicode, which the databases' own `lower` knows little of. */
export function searchTextOf(flag: {
  readonly key: string;
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly owner?: string | null;
}): string {
  const { key, name, description, tags, owner } = flag;
  return [key, name, owner ?? '', ...tags, description].join('\n').toLowerCase();
}
