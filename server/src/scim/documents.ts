import type { Static } from '@sinclair/typebox';
import type { ScimDocumentSchema } from './resource-schemas.ts';
import { GROUP_SCHEMA, USER_SCHEMA } from './resources.ts';

type Document = Static<typeof ScimDocumentSchema> & Readonly<Record<string, unknown>>;

/** What directories read to learn what is understood here: RFC 7643, sections 5 to 7. */

/** The most that one page holds. */
export const MAX_RESULTS = 200;

export const SERVICE_PROVIDER_CONFIG: Document = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
  patch: { supported: true },
  bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
  filter: { supported: true, maxResults: MAX_RESULTS },
  changePassword: { supported: false },
  sort: { supported: false },
  etag: { supported: false },
  authenticationSchemes: [
    {
      type: 'oauthbearertoken',
      name: 'Token of a service account',
      description: 'Authorization: Bearer bnt_svc_..., with the permissions people:read and people:write',
      primary: true,
    },
  ],
};

const TYPES = [
  { id: 'User', name: 'User', endpoint: '/Users', schema: USER_SCHEMA, description: 'People' },
  {
    id: 'Group',
    name: 'Group',
    endpoint: '/Groups',
    schema: GROUP_SCHEMA,
    description: 'People who get roles together',
  },
];

export function resourceTypes(base: string): (Document & { readonly id: string })[] {
  return TYPES.map((type) => ({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
    ...type,
    meta: { resourceType: 'ResourceType', location: `${base}/ResourceTypes/${type.id}` },
  }));
}

interface Attribute {
  readonly name: string;
  readonly type?: 'string' | 'boolean' | 'complex' | 'reference';
  readonly multiValued?: boolean;
  readonly required?: boolean;
  readonly mutability?: 'readWrite' | 'readOnly';
  readonly uniqueness?: 'none' | 'server';
  /** Of a reference. */
  readonly referenceTypes?: readonly string[];
  readonly description: string;
  readonly subAttributes?: readonly Attribute[];
}

function describe({ subAttributes, ...attribute }: Attribute): Readonly<Record<string, unknown>> {
  return {
    type: 'string',
    multiValued: false,
    required: false,
    caseExact: false,
    mutability: 'readWrite',
    returned: 'default',
    uniqueness: 'none',
    ...attribute,
    ...(subAttributes && { subAttributes: subAttributes.map(describe) }),
  };
}

const USER: Attribute[] = [
  { name: 'userName', required: true, uniqueness: 'server', description: 'The address that the person signs in with' },
  { name: 'displayName', description: 'The name that others see' },
  {
    name: 'name',
    type: 'complex',
    description: 'Taken where there is no displayName',
    subAttributes: [{ name: 'formatted', description: 'The whole name' }],
  },
  {
    name: 'emails',
    type: 'complex',
    multiValued: true,
    mutability: 'readOnly',
    description: 'The userName',
    subAttributes: [
      { name: 'value', mutability: 'readOnly', description: 'The address' },
      { name: 'primary', type: 'boolean', mutability: 'readOnly', description: 'True' },
    ],
  },
  { name: 'active', type: 'boolean', description: 'False: disabled; sessions end and tokens are refused at once' },
];

const GROUP: Attribute[] = [
  { name: 'displayName', required: true, uniqueness: 'server', description: 'The name of the group' },
  {
    name: 'members',
    type: 'complex',
    multiValued: true,
    description: 'Users',
    subAttributes: [
      { name: 'value', description: 'The id of the user' },
      { name: 'display', mutability: 'readOnly', description: 'Their name' },
      {
        name: '$ref',
        type: 'reference',
        referenceTypes: ['User'],
        mutability: 'readOnly',
        description: 'Their address',
      },
    ],
  },
];

export function schemas(base: string): (Document & { readonly id: string })[] {
  return [
    { id: USER_SCHEMA, name: 'User', description: 'People', attributes: USER },
    { id: GROUP_SCHEMA, name: 'Group', description: 'People who get roles together', attributes: GROUP },
  ].map(({ attributes, ...schema }) => ({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Schema'],
    ...schema,
    attributes: attributes.map(describe),
    meta: { resourceType: 'Schema', location: `${base}/Schemas/${schema.id}` },
  }));
}
