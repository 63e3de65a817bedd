import { type Static, Type } from '@sinclair/typebox';
import { RevisionSchema } from '../environments/schemas.ts';
import { compileValidator } from '../http/validate.ts';
import type { Kinds } from './kinds.ts';
import { type ListedInstance, listInstances } from './list.ts';
import { type Part, type Times, takePart } from './part.ts';
import type { PeerQuestion } from './peer-question.ts';
import type { Roll } from './roll.ts';
import { InstanceSchema } from './schemas.ts';

/** Arrays of numbers travel as base64 of their little-endian bytes. */
const Numbers = Type.String({ maxLength: 64 * 1024 * 1024 });
const TimesText = Type.Object({ samplesMs: Numbers, startedAtMs: Type.Union([Type.Number(), Type.Null()]) });
const Name = Type.Union([Type.String(), Type.Null()]);
const Sdk = Type.Object({ name: Type.String(), version: Type.String() });

/** What a server answers another about an environment. Newer servers may say more. */
const Names = Type.Array(Type.Object({ id: Type.String(), app: Name, host: Name, version: Name }), { maxItems: 100 });

const { server: _, key, pollMs, ...known } = InstanceSchema.properties;
/** Servers of the version before say neither the key nor how it asks. */
const Listed = Type.Object({ ...known, key: Type.Optional(key), pollMs: Type.Optional(pollMs) });

const PeerAnswerSchema = Type.Object({
  entries: Numbers,
  revision: TimesText,
  kill: TimesText,
  behind: Names,
  /** Servers of the version before do not say. */
  unkilled: Type.Optional(Names),
  /** Only when asked for. */
  kinds: Type.Optional(
    Type.Object({
      table: Type.Array(
        Type.Object({ app: Name, version: Name, sdk: Type.Union([Sdk, Type.Null()]), key: Name, relay: Name }),
      ),
      of: Numbers,
    }),
  ),
  instances: Type.Array(Listed, { maxItems: 1_000 }),
});
export type PeerAnswer = Static<typeof PeerAnswerSchema>;

const answers = compileValidator<PeerAnswer>(PeerAnswerSchema, [RevisionSchema]);

/** Answers another server, from what this one knows. */
export function answerPeer(roll: Roll, { question, list, kinds }: PeerQuestion): PeerAnswer {
  return writePeerAnswer(takePart(roll, question, kinds), list === null ? [] : listInstances(roll, list, Date.now()));
}

export function writePeerAnswer(part: Part, instances: ListedInstance[]): PeerAnswer {
  const { entries, revision, kill, behind, unkilled, kinds } = part;
  return {
    entries: toText(entries),
    revision: { ...revision, samplesMs: toText(revision.samplesMs) },
    kill: { ...kill, samplesMs: toText(kill.samplesMs) },
    behind: [...behind],
    unkilled: [...unkilled],
    ...(kinds && { kinds: { table: [...kinds.table], of: toText(kinds.of) } }),
    instances,
  };
}

/** Undefined when it is not such an answer. */
export function readPeerAnswer(body: unknown): { part: Part; instances: ListedInstance[] } | undefined {
  if (!answers.is(body)) return undefined;
  const entries = new Float64Array(bytesOf(body.entries, Float64Array.BYTES_PER_ELEMENT * 2));
  const { behind, unkilled = [] } = body;
  const times = { revision: readTimes(body.revision), kill: readTimes(body.kill) };
  const part = { entries, ...times, behind, unkilled, kinds: body.kinds && readKinds(body.kinds) };
  const instances = body.instances.map((instance) => ({ key: null, pollMs: null, ...instance }));
  return { part, instances };
}

function readKinds({ table, of }: NonNullable<PeerAnswer['kinds']>): Kinds {
  return { table, of: new Uint32Array(bytesOf(of, Uint32Array.BYTES_PER_ELEMENT)) };
}

function readTimes({ samplesMs, startedAtMs }: PeerAnswer['revision']): Times {
  return { samplesMs: new Float32Array(bytesOf(samplesMs, Float32Array.BYTES_PER_ELEMENT)), startedAtMs };
}

function toText({ buffer, byteOffset, byteLength }: Float64Array | Float32Array | Uint32Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}

/** The bytes of a text, in a buffer of their own, without what does not make a whole element. */
function bytesOf(text: string, elementBytes: number): ArrayBuffer {
  const bytes = Buffer.from(text, 'base64');
  const whole = bytes.subarray(0, bytes.length - (bytes.length % elementBytes));
  return new Uint8Array(whole).buffer;
}
