import { notFound } from '../http/api-error.ts';
import type { App } from '../http/app-types.ts';
import { refTo } from '../http/ref.ts';
import type { BaseOf } from './base.ts';
import { describe } from './describe.ts';
import { resourceTypes, SERVICE_PROVIDER_CONFIG, schemas } from './documents.ts';
import { ScimDocumentSchema, ScimListOf } from './resource-schemas.ts';
import { toList } from './resources.ts';
import { ScimParams } from './schemas.ts';

const config = { access: 'people:read' } as const;
const one = { 200: refTo(ScimDocumentSchema) };
const list = { 200: ScimListOf(refTo(ScimDocumentSchema)) };

/** What is understood here, for directories that ask first. */
export function scimDocumentRoutes(app: App, baseOf: BaseOf): void {
  app.get(
    '/ServiceProviderConfig',
    { config, schema: describe('getScimServiceProviderConfig', 'Say which parts of SCIM are understood', one) },
    async (request) => {
      const meta = { resourceType: 'ServiceProviderConfig', location: `${baseOf(request)}/ServiceProviderConfig` };
      return { ...SERVICE_PROVIDER_CONFIG, meta };
    },
  );

  for (const [path, name, what, documentsOf] of [
    ['/ResourceTypes', 'ScimResourceType', 'kinds of resources', resourceTypes],
    ['/Schemas', 'ScimSchema', 'schemas of resources', schemas],
  ] as const) {
    app.get(path, { config, schema: describe(`list${name}s`, `List the ${what}`, list) }, async (request) => {
      const documents = documentsOf(baseOf(request));
      return toList(documents, { total: documents.length, startIndex: 1 });
    });

    app.get(
      `${path}/:id`,
      { config, schema: { ...describe(`get${name}`, `Get one of the ${what}`, one, 404), params: ScimParams } },
      async (request) => {
        const { id } = request.params;
        const document = documentsOf(baseOf(request)).find((document) => document.id === id);
        if (document === undefined) throw notFound(`document "${id}"`);
        return document;
      },
    );
  }
}
