/** Which rows of a list are read: those that come after one of them. Ids grow with time, and none is empty. */
export interface After {
  /** Empty or left out: from the first one. */
  readonly afterId?: string | undefined;
  readonly limit: number;
}
