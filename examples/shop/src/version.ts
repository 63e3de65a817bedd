/** One of the versions of the shop that run side by side while a release moves visitors from one to the other. */
export interface ShopVersion {
  readonly name: string;
  /** Whether its checkout fails: the button on the page of visitors. */
  isBroken: boolean;
}
