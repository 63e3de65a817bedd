import { Type } from '@sinclair/typebox';
import { DisplayName } from '../http/key-schema.ts';
import { Email, NewPassword } from '../sessions/schemas.ts';

export const SetupState = Type.Object(
  { required: Type.Boolean({ description: 'True while there is no owner account' }) },
  { $id: 'SetupState', additionalProperties: false },
);

export const SetupInput = Type.Object(
  {
    token: Type.String({ maxLength: 200, description: 'From the link that the server printed when it started' }),
    name: DisplayName,
    email: Email,
    password: NewPassword,
  },
  { $id: 'SetupInput', additionalProperties: false },
);
