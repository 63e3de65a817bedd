import { type Static, Type } from '@sinclair/typebox';
import { RevisionSchema } from '../environments/schemas.ts';
import { compileValidator } from '../http/validate.ts';
import { type InstanceView, listInstances } from './list.ts';
import { type Part, type Times, takePart } from './part.ts';
import type { PeerQuestion } from './peer-question.ts';
import type { Roll } from './roll.ts';
import { InstanceSchema } from './schemas.ts';

/** Arrays of numbers travel as base64 of their little-endian bytes. */
const Numbers = Type.String({ maxLength: 64 * 1024 * 1024 });
const TimesText = Type.Object({ samplesMs: Numbers, startedAtMs: Type.Union([Type.Number(), Type.Null()]) });
const Name = Type.Union([Type.String(), Type.Null()]);

/** What a server answers another about an environment. Newer servers may say more. */
const Names = Type.Array(Type.Object({ id: Type.String(), app: Name, host: Name, version: Name }), { maxItems: 100 });

const PeerAnswerSchema = Type.Object({
  entries: Numbers,
  revision: TimesText,
  kill: TimesText,
  behind: Names,
  /** Servers of the version before do not say. */
  unkilled: Type.Optional(Names),
  instances: Type.Array(Type.Object(InstanceSchema.properties), { maxItems: 1_000 }),
});
export type PeerAnswer = Static<typeof PeerAnswerSchema>;

const answers = compileValidator<PeerAnswer>(PeerAnswerSchema, [RevisionSchema]);

/** Answers another server, from what this one knows. */
export function answerPeer(roll: Roll, { question, list }: PeerQuestion): PeerAnswer {
  return writePeerAnswer(takePart(roll, question), list === null ? [] : listInstances(roll, list, Date.now()));
}

export function writePeerAnswer(part: Part, instances: InstanceView[]): PeerAnswer {
  const { entries, revision, kill, behind, unkilled } = part;
  return {
    entries: toText(entries),
    revision: { ...revision, samplesMs: toText(revision.samplesMs) },
    kill: { ...kill, samplesMs: toText(kill.samplesMs) },
    behind: [...behind],
    unkilled: [...unkilled],
    instances,
  };
}

/** Undefined when it is not such an answer. */
export function readPeerAnswer(body: unknown): { part: Part; instances: InstanceView[] } | undefined {
  if (!answers.is(body)) return undefined;
  const entries = new Float64Array(bytesOf(body.entries, Float64Array.BYTES_PER_ELEMENT * 2));
  const { behind, unkilled = [], instances } = body;
  const part = { entries, revision: readTimes(body.revision), kill: readTimes(body.kill), behind, unkilled };
  return { part, instances };
}

function readTimes({ samplesMs, startedAtMs }: PeerAnswer['revision']): Times {
  return { samplesMs: new Float32Array(bytesOf(samplesMs, Float32Array.BYTES_PER_ELEMENT)), startedAtMs };
}

function toText({ buffer, byteOffset, byteLength }: Float64Array | Float32Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}

/** The bytes of a text, in a buffer of their own, without what does not make a whole element. */
function bytesOf(text: string, elementBytes: number): ArrayBuffer {
  const bytes = Buffer.from(text, 'base64');
  const whole = bytes.subarray(0, bytes.length - (bytes.length % elementBytes));
  return new Uint8Array(whole).buffer;
}
