import type { Condition, Flag } from '../model.ts';
import type { ItemKind } from '../sync/messages.ts';
import type { Finding } from './finding.ts';
import { splitsOf, visitLeaves } from './visit.ts';

/** A place that asks for an attribute. */
interface Use {
  readonly kind: ItemKind;
  readonly key: string;
  readonly path: string;
}

/** Collects which attributes a ruleset asks for, and where. */
export class AttributeUses {
  readonly #uses = new Map<string, Use[]>();

  addCondition(condition: Condition, kind: ItemKind, key: string, path: string): void {
    visitLeaves(condition, path, {
      comparison: ({ attribute }, place) => this.#add(attribute, { kind, key, path: place }),
    });
  }

  addFlag(flag: Flag): void {
    for (const [i, rule] of (flag.rules ?? []).entries())
      this.addCondition(rule.when, 'flag', flag.key, `rules[${i}].when`);
    for (const { split, path } of splitsOf(flag)) this.#addOptional(split.by, flag.key, `${path}.by`);
    for (const [i, target] of (flag.targets ?? []).entries()) {
      this.#addOptional(target.attribute, flag.key, `targets[${i}].attribute`);
    }
    for (const [i, { requires }] of flag.variants.entries()) {
      this.#addOptional(requires?.attribute, flag.key, `variants[${i}].requires.attribute`);
    }
  }

  /** Attributes that one place alone asks for; with what was perhaps meant. */
  findings(): Finding[] {
    const found: Finding[] = [];
    for (const [attribute, [use, ...others]] of this.#uses) {
      if (use === undefined || others.length > 0 || attribute === 'targetingKey') continue;
      const similar = [...this.#uses.keys()].find((other) => other !== attribute && isSimilar(attribute, other));
      const hint = similar === undefined ? 'is it spelt as the context has it?' : `was "${similar}" meant?`;
      const message = `"${attribute}" is asked for nowhere else: ${hint}`;
      found.push({
        code: 'attribute-used-once',
        severity: similar === undefined ? 'info' : 'warning',
        ...use,
        message,
      });
    }
    return found;
  }

  #addOptional(attribute: string | undefined, key: string, path: string): void {
    if (attribute !== undefined) this.#add(attribute, { kind: 'flag', key, path });
  }

  #add(attribute: string, use: Use): void {
    const uses = this.#uses.get(attribute);
    if (uses === undefined) this.#uses.set(attribute, [use]);
    else uses.push(use);
  }
}

/** Alike but for case and punctuation, or one letter added, dropped or replaced. */
function isSimilar(a: string, b: string): boolean {
  const fold = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  const [x, y] = [fold(a), fold(b)];
  if (x === y) return true;
  if (Math.abs(x.length - y.length) > 1 || Math.min(x.length, y.length) < 4) return false;
  let i = 0;
  while (i < x.length && x[i] === y[i]) i++;
  const [restOfX, restOfY] = [x.slice(i), y.slice(i)];
  return restOfX.slice(1) === restOfY.slice(1) || restOfX.slice(1) === restOfY || restOfX === restOfY.slice(1);
}
