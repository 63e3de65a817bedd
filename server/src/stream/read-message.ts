import { type ClientMessage, PROTOCOL_VERSION } from '@bunting/core';
import { ApiError, type Problem } from '../http/api-error.ts';
import { depthOf, MAX_JSON_DEPTH } from '../http/json-body.ts';
import type { Validator } from '../http/validate.ts';
import { CLIENT_MESSAGES } from './schemas.ts';

/** Messages from clients are refused past this size, in bytes. */
const MAX_MESSAGE_BYTES = 256 * 1024;

/** Validators by the type of message that each is for. */
type Validators = Readonly<Record<string, Validator<unknown>>>;
type MessageOf<V extends Validators> = { [T in keyof V]: V[T] extends Validator<infer M> ? M : never }[keyof V];

/**
 * Reads a message from a client or, with its validators, from another kind of peer.
 * @returns undefined when it is of a type that this version does not know
 * @throws {ApiError} that says what is wrong with it
 */
export function readMessage(data: Buffer, isBinary: boolean): ClientMessage | undefined;
export function readMessage<V extends Validators>(data: Buffer, isBinary: boolean, by: V): MessageOf<V> | undefined;
export function readMessage(data: Buffer, isBinary: boolean, validators: Validators = CLIENT_MESSAGES): unknown {
  if (isBinary) throw new ApiError('bad_message', 'The frame is binary. Send JSON as a text frame.');
  if (data.length > MAX_MESSAGE_BYTES) {
    const size = `${data.length} bytes, at most ${MAX_MESSAGE_BYTES} are accepted`;
    throw new ApiError('payload_too_large', `The message is too large: ${size}. Send less at once.`);
  }
  const message = parse(data.toString());
  const type = typeof message === 'object' && message !== null && 'type' in message ? message.type : undefined;
  if (typeof type !== 'string') {
    throw new ApiError('bad_message', `A message must have a type, such as ${Object.keys(validators).join(', ')}.`);
  }
  if (!Object.hasOwn(validators, type)) return undefined;
  if (type === 'hello') refuseOtherProtocol(message as { protocol?: unknown });
  const validator = validators[type];
  if (validator?.is(message)) return message;
  throw notAsDescribed(type, validator?.problems(message) ?? []);
}

function parse(text: string): unknown {
  if (depthOf(text) > MAX_JSON_DEPTH) {
    throw new ApiError('malformed_json', `The message is nested more than ${MAX_JSON_DEPTH} levels deep.`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ApiError('malformed_json', `The message is not valid JSON: ${(error as Error).message}`);
  }
}

/** Asked before all else: the fields of another version may be anything. */
function refuseOtherProtocol({ protocol }: { readonly protocol?: unknown }): void {
  if (!Number.isInteger(protocol) || protocol === PROTOCOL_VERSION) return;
  throw new ApiError(
    'protocol_unsupported',
    `The client speaks protocol ${protocol}, this server speaks ${PROTOCOL_VERSION}. Upgrade the older of the two.`,
    { supported: [PROTOCOL_VERSION] },
  );
}

function notAsDescribed(type: string, details: readonly Problem[]): ApiError {
  const [first] = details;
  return new ApiError('validation_failed', `The ${type} is not valid: ${first?.path} ${first?.message}`, details);
}
