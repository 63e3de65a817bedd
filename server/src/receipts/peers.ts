/** The other servers of the installation, as receipts see them. */
export interface Peers {
  /** This server. Without an address where there is only one. */
  readonly self: PeerName;
  peers(): readonly PeerName[];
  /** Asks all of them at once. Never rejects; what they answer is to be checked. @param path below `/internal/v1` */
  get(path: string): Promise<readonly { readonly peer: PeerName; readonly body?: unknown }[]>;
}

export interface PeerName {
  readonly id: string;
  readonly url: string;
}
