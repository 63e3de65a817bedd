export { connect } from './connect.ts';
export type {
  ErrorCode,
  EvaluationDetails,
  Flags,
  FlagsEventName,
  FlagsEvents,
  FlagsListener,
  FlagsState,
  IdentifyOptions,
  Readiness,
  WaitOptions,
} from './flags.ts';
export { FlagsError, type FlagsErrorCode } from './flags-error.ts';
export type { CacheStorage } from './local-cache.ts';
export type { Bootstrap, ConnectOptions } from './options.ts';
export type { EvaluatedValue, EvaluationContext, Json, Reason, Revision } from './protocol.ts';
export type { OpenSocket, SocketLike } from './socket.ts';
