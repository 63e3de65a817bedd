import { DocumentSlot } from './document-slot.ts';
import type { KeyPage } from './model.ts';
import { type PageKeys, toPageKeys } from './segments/page-keys.ts';
import { checkKeyPage } from './validate/check-shared.ts';

/** One page of a segment's keys. It is read when the first subject comes that may be on it. */
export class PageSlot extends DocumentSlot<KeyPage> {
  #keys: PageKeys | undefined;

  constructor(key: string, json: string) {
    super(key, json, checkKeyPage);
  }

  /** Undefined when the document is malformed. */
  get keys(): PageKeys | undefined {
    if (this.#keys === undefined) this.check();
    return this.#keys;
  }

  protected override onAccept(page: KeyPage): void {
    this.#keys = toPageKeys(page, this.json);
  }
}
