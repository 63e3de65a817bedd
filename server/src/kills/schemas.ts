import { Type } from '@sinclair/typebox';
import { ActorSchema } from '../audit/schemas.ts';
import { Key, Timestamp } from '../http/key-schema.ts';
import { PageQuery } from '../http/page.ts';
import { Reason } from './kill-record.ts';

const Epoch = Type.Integer({ description: "Orders the flag's kills and re-arms; one more with each" });

/** What a flag's environment says while the flag is killed there. */
export const KilledSchema = Type.Object(
  {
    epoch: Epoch,
    at: Timestamp,
    by: ActorSchema,
    reason: Reason,
    stored: Type.Boolean({ description: 'False: in force, but not in the database yet; it is being tried' }),
  },
  { $id: 'Killed', additionalProperties: false, description: 'The safe variant is served until someone re-arms it' },
);

export const KillSchema = Type.Object(
  {
    flag: Key,
    engaged: Type.Boolean({ description: 'True: killed. False: re-armed' }),
    ...KilledSchema.properties,
  },
  { $id: 'Kill', additionalProperties: false },
);

export const KillAnswerSchema = Type.Object(
  {
    ...KillSchema.properties,
    kept: Type.Boolean({
      description: 'False: neither the database nor the disk of this server has it; it lasts as long as the servers do',
    }),
    peers: Type.Object(
      {
        told: Type.Integer({ description: 'Other servers that have it in force' }),
        failed: Type.Array(Type.Object({ url: Type.String(), error: Type.String() }, { additionalProperties: false }), {
          description: 'Other servers that could not be told directly; they learn it from the database',
        }),
      },
      { additionalProperties: false },
    ),
  },
  { $id: 'KillAnswer', additionalProperties: false },
);

export const KillInput = Type.Object({ reason: Reason }, { $id: 'KillInput', additionalProperties: false });

export const KillQuery = Type.Object({ ...PageQuery }, { additionalProperties: false });
