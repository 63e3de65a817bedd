/** By keys. */
export interface EnvironmentKeys {
  readonly project: string;
  readonly environment: string;
}

export interface KillPlace extends EnvironmentKeys {
  readonly flag: string;
}
