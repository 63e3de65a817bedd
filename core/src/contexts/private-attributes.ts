/** Tells which attribute paths are private: those listed, and all below them. */
export class PrivateAttributes {
  readonly #paths: ReadonlySet<string>;

  constructor(paths: Iterable<string>) {
    this.#paths = new Set(paths);
  }

  /**
   * Names that have dots themselves are no way around it: `user.email` hides `{ user: { email } }`, and the attributes
   * named `user.email` and `user.email.work` as well.
   */
  has(path: string): boolean {
    if (this.#paths.size === 0) return false;
    for (let end = path.indexOf('.'); end !== -1; end = path.indexOf('.', end + 1)) {
      if (this.#paths.has(path.slice(0, end))) return true;
    }
    return this.#paths.has(path);
  }
}
