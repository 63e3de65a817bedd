import { Type } from '@sinclair/typebox';
import { ActorSchema } from '../audit/schemas.ts';
import { EnvironmentParams } from '../environments/schemas.ts';
import { DisplayName, Timestamp } from '../http/key-schema.ts';
import { Moment } from '../http/moment.ts';

export const FreezeSchema = Type.Object(
  {
    id: Type.String(),
    name: DisplayName,
    from: Timestamp,
    to: Timestamp,
    createdBy: ActorSchema,
    createdAt: Timestamp,
  },
  { $id: 'Freeze', additionalProperties: false, description: 'A time in which an environment is not changed' },
);

export const FreezeInput = Type.Object(
  { name: DisplayName, from: Moment('Its first moment'), to: Moment('Its end') },
  { $id: 'FreezeInput', additionalProperties: false },
);

export const FreezeParams = Type.Object(
  { ...EnvironmentParams.properties, freeze: Type.String({ maxLength: 100 }) },
  { additionalProperties: false },
);
