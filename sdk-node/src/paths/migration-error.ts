/**
 * Rejects a migration's write that was not begun.
 *
 * `stage_unconfirmed`: it is not certain which stage is the present one, and writing by an old one may lose data.
 */
export type MigrationErrorCode = 'stage_unconfirmed';

export class MigrationError extends Error {
  readonly code: MigrationErrorCode;

  constructor(code: MigrationErrorCode, message: string) {
    super(message);
    this.name = 'MigrationError';
    this.code = code;
  }
}
