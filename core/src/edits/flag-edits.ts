import type { Json, Variant } from '../model.ts';
import { EditConflict } from './edit.ts';

/** What a flag is in all environments, as far as edits change it. */
export interface FlagFacts {
  readonly name: string;
  readonly description: string;
  readonly owner: string | null;
  readonly tags: readonly string[];
  readonly links: readonly FlagLink[];
  readonly variants: readonly Variant[];
}

export interface FlagLink {
  readonly title: string;
  readonly url: string;
}

/** One thing that someone wants to be different about a flag in all environments. */
export type FlagEdit =
  | { readonly kind: 'setName'; readonly name: string }
  | { readonly kind: 'setDescription'; readonly description: string }
  | { readonly kind: 'setOwner'; readonly owner: string | null }
  /** A tag that is there already is no conflict, nor is one that is removed and is not there. */
  | { readonly kind: 'addTag'; readonly tag: string }
  | { readonly kind: 'removeTag'; readonly tag: string }
  /** In place of one with the same address. */
  | { readonly kind: 'addLink'; readonly link: FlagLink }
  | { readonly kind: 'removeLink'; readonly url: string }
  /** Goes last. */
  | { readonly kind: 'addVariant'; readonly variant: Variant }
  | { readonly kind: 'setVariantValue'; readonly variant: string; readonly value: Json }
  | { readonly kind: 'removeVariant'; readonly variant: string };

/**
 * A flag after these edits, one after the other.
 * @throws {EditConflict} when one of them does not go with what is there; then none is applied
 */
export function applyFlagEdits<T extends FlagFacts>(facts: T, edits: readonly FlagEdit[]): T {
  let result = facts;
  for (const [at, edit] of edits.entries()) result = { ...result, ...changeOf(result, edit, at) };
  return result;
}

function changeOf({ tags, links, variants }: FlagFacts, edit: FlagEdit, at: number): Partial<FlagFacts> {
  const isThere = (name: string) => variants.some((variant) => variant.name === name);
  switch (edit.kind) {
    case 'setName':
      return { name: edit.name };
    case 'setDescription':
      return { description: edit.description };
    case 'setOwner':
      return { owner: edit.owner };
    case 'addTag':
      return { tags: tags.includes(edit.tag) ? tags : [...tags, edit.tag] };
    case 'removeTag':
      return { tags: tags.filter((tag) => tag !== edit.tag) };
    case 'addLink':
      return { links: [...links.filter(({ url }) => url !== edit.link.url), edit.link] };
    case 'removeLink':
      return { links: links.filter(({ url }) => url !== edit.url) };
    case 'addVariant':
      if (isThere(edit.variant.name)) {
        throw new EditConflict(at, `there is a variant "${edit.variant.name}" already`);
      }
      return { variants: [...variants, edit.variant] };
    case 'setVariantValue':
      if (!isThere(edit.variant)) throw gone(at, edit.variant);
      return {
        variants: variants.map((variant) =>
          variant.name === edit.variant ? { ...variant, value: edit.value } : variant,
        ),
      };
    case 'removeVariant':
      if (!isThere(edit.variant)) throw gone(at, edit.variant);
      return { variants: variants.filter(({ name }) => name !== edit.variant) };
  }
}

function gone(at: number, variant: string): EditConflict {
  return new EditConflict(at, `the variant "${variant}" is gone`);
}
