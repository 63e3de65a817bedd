import type { Flag } from '../api/types.ts';

/** Code whose runs are measured by what the flag serves: as flags of its kind are used. */
export function measuringCode({ key, type, kind }: Pick<Flag, 'key' | 'type' | 'kind'>): string {
  if (kind === 'migration')
    return `const store = flags.withContext({ targetingKey: user.id }).migrate('${key}', {
  read: { old: (id) => sql.find(id), new: (id) => documents.find(id) },
  write: { old: (item) => sql.put(item), new: (item) => documents.put(item) },
});
const item = await store.read('o-1');`;
  if (type === 'boolean')
    return `const answer = await flags.run('${key}', { targetingKey: user.id }, {
  off: () => asBefore(),
  on: () => anew(),
});`;
  return `flags.track('checkout', { targetingKey: user.id }, { flags: ['${key}'], value: cart.total });`;
}
