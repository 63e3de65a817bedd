/** One place that is wrong, and how to right it. `path` is a JSON path such as `rules[0].serve`, or empty. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

/** Every code that an answer or a stream's error frame may carry, with its HTTP status. */
const STATUS_OF = {
  malformed_json: 400,
  bad_request: 400,
  bad_message: 400,
  protocol_unsupported: 400,
  validation_failed: 400,
  comment_required: 400,
  unauthenticated: 401,
  wrong_credentials: 401,
  forbidden: 403,
  cross_origin: 403,
  key_refused: 403,
  context_refused: 403,
  setup_token_invalid: 403,
  link_invalid: 403,
  second_factor_required: 403,
  second_factor_missing: 403,
  wrong_code: 403,
  sso_required: 403,
  not_found: 404,
  conflict: 409,
  already_set_up: 409,
  variant_in_use: 409,
  flag_in_use: 409,
  segment_in_use: 409,
  upload_in_progress: 409,
  flag_archived: 409,
  history_incomplete: 409,
  revert_conflict: 409,
  not_revertible: 409,
  edit_conflict: 409,
  promotion_refused: 409,
  approval_required: 409,
  environment_frozen: 409,
  line_stopped: 409,
  change_conflict: 409,
  wrong_state: 409,
  idempotency_in_progress: 409,
  idempotency_answer_lost: 409,
  idempotency_secret: 409,
  idempotency_mismatch: 422,
  signal_malformed: 422,
  stage_too_far: 409,
  stage_not_confirmed: 409,
  stage_guarded: 409,
  hello_timeout: 408,
  request_timeout: 408,
  version_mismatch: 412,
  payload_too_large: 413,
  unsupported_media_type: 415,
  expectation_failed: 417,
  upgrade_required: 426,
  rate_limited: 429,
  headers_too_large: 431,
  internal_error: 500,
  checkpoint_unsent: 503,
  store_unavailable: 503,
  store_outcome_unknown: 503,
  shutting_down: 503,
  not_ready: 503,
  signal_unkept: 503,
  certificate_unavailable: 503,
  vault_locked: 503,
} as const;
export type ErrorCode = keyof typeof STATUS_OF;

/** An error that a caller is told about. The message says what to do. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ErrorCode;
  readonly details: unknown;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ErrorCode, message: string, details?: unknown, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.code = code;
    this.details = details;
    this.headers = headers;
  }

  get status(): number {
    return STATUS_OF[this.code];
  }
}

/** A name that has to be unique is another's. */
export class NameTaken extends ApiError {
  constructor(message: string) {
    super('conflict', message);
  }
}

export function validationFailed(details: readonly Problem[]): ApiError {
  const first = details[0];
  const place = first === undefined ? '' : `${first.path === '' ? '' : `${first.path}: `}${first.message}`;
  const more = details.length > 1 ? ` (and ${details.length - 1} more, see details)` : '';
  return new ApiError('validation_failed', `The request is not valid: ${place}${more}`, details);
}

export function notFound(what: string): ApiError {
  return new ApiError('not_found', `There is no ${what}.`);
}
