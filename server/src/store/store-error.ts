/** The database cannot be opened as it is; the message says what to do. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

/** The database did not answer, or its connection ended: what was not committed yet is undone. */
export class StoreLost extends Error {
  override readonly name = 'StoreLost';
}

/** The connection was lost while the database was committing: nobody can say whether the change was stored. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
}
