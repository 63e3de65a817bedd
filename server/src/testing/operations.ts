import type { FastifyInstance, InjectOptions } from 'fastify';

/** A JSON schema of the OpenAPI document, references resolved when they are followed. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly anyOf?: readonly Schema[];
}

/** One operation of the OpenAPI document. */
export interface Operation {
  /** Such as `PATCH /api/v1/projects/{project}`. */
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly params: readonly string[];
  readonly query: Readonly<Record<string, Schema>>;
  readonly headers: readonly string[];
  /** What the route declares: see `access/guard.ts`; undefined where it is none of the API's, or public. */
  readonly access: string | undefined;
  /** Undefined: it takes no JSON body. */
  readonly body: Schema | undefined;
}

interface Parameter {
  readonly in: string;
  readonly name: string;
  readonly schema: Schema;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

interface Described {
  readonly parameters?: readonly Parameter[];
  readonly 'x-access'?: string;
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema } | undefined>> };
}

/** Everything that the server's OpenAPI document describes, and how to follow its references. */
export async function readOperations(
  app: FastifyInstance,
): Promise<{ operations: readonly Operation[]; resolve: (schema: Schema) => Schema }> {
  await app.ready();
  const { paths, components } = app.swagger() as unknown as Document;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody, 'x-access': access }]): Operation => {
      const of = (place: string) => parameters.filter((parameter) => parameter.in === place);
      return {
        name: `${method.toUpperCase()} ${path}`,
        method: method.toUpperCase() as Operation['method'],
        path,
        params: of('path').map(({ name }) => name),
        query: Object.fromEntries(of('query').map(({ name, schema }) => [name, schema])),
        headers: of('header').map(({ name }) => name),
        access,
        body: requestBody?.content['application/json']?.schema,
      };
    }),
  );
  const resolve = (schema: Schema): Schema => {
    const name = schema.$ref?.split('/').at(-1);
    if (name === undefined) return schema;
    const target = components.schemas[name];
    if (target === undefined) throw new Error(`the document refers to ${schema.$ref}, which is not in it`);
    return resolve(target);
  };
  return { operations, resolve };
}

/** A request for an operation, its path's parameters filled in. */
export function requestOf({ method, path }: Operation, params: Readonly<Record<string, string>>): InjectOptions {
  return { method, url: path.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? 'none') };
}
