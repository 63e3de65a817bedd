import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

/** A JSON schema, of the OpenAPI document or of a message. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly minProperties?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly anyOf?: readonly Schema[];
}

interface Parameter {
  readonly in: 'path' | 'query' | 'header';
  readonly name: string;
  readonly schema: Schema;
}

type Content = Readonly<Record<string, { readonly schema?: Schema } | undefined>>;

interface Described {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}

interface Json {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** One operation of the OpenAPI document. */
export interface Operation {
  readonly method: string;
  /** With parameters: `/api/v1/projects/{project}`. */
  readonly path: string;
  readonly query: readonly Parameter[];
  readonly headers: readonly Parameter[];
  /** Undefined: it takes no body that the document describes. */
  readonly body: { readonly type: string; readonly schema: Schema } | undefined;
  readonly responses: Described['responses'];
}

/** Not in the document, as they are for servers among themselves: whoever does not know their token is told so. */
const INTERNAL: readonly Operation[] = [
  'POST /internal/v1/kills',
  'GET /internal/v1/kills',
  'POST /internal/v1/presence',
  'POST /internal/v1/servers',
  'GET /internal/v1/measurements',
  'GET /internal/v1/exposures',
  'GET /internal/v1/receipts/{environment}',
  'GET /internal/v1/attempts/{attempt}',
].map((name) => {
  const [method = '', path = ''] = name.split(' ');
  const schema = { $ref: '#/components/schemas/Error' };
  const error = { content: { 'application/json': { schema } } };
  // A name that is too long for a path leads nowhere.
  const responses = { 400: {}, 401: error, ...(path.includes('{') && { 404: error }) };
  const body = method === 'POST' ? { type: 'application/json', schema: {} } : undefined;
  return { method, path, query: [], headers: [], body, responses };
});

/** What the server says that it takes and answers. */
export class ApiDocument {
  readonly operations: readonly Operation[];
  readonly #schemas: Readonly<Record<string, Schema>>;
  readonly #ajv = new Ajv2020({ strict: false, allErrors: false });
  readonly #validators = new Map<Schema, ValidateFunction>();

  constructor({ paths, components }: Json) {
    this.#schemas = components.schemas;
    this.#ajv.addSchema({ $id: 'document', components });
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { parameters = [], requestBody, responses }]): Operation => {
        const [type, body] = Object.entries(requestBody?.content ?? {})[0] ?? [];
        return {
          method: method.toUpperCase(),
          path,
          query: parameters.filter((parameter) => parameter.in === 'query'),
          headers: parameters.filter((parameter) => parameter.in === 'header'),
          body: type === undefined || body?.schema === undefined ? undefined : { type, schema: body.schema },
          responses,
        };
      }),
    );
    this.operations = [...described, ...INTERNAL];
  }

  static async read(serverUrl: string): Promise<ApiDocument> {
    return new ApiDocument((await (await fetch(`${serverUrl}/docs/json`)).json()) as Json);
  }

  /** The schema of a name in `components`, as `$ref`s have it. */
  resolve = (ref: string): Schema => {
    const schema = this.#schemas[ref.split('/').at(-1) ?? ''];
    if (schema === undefined) throw new Error(`the document refers to ${ref}, which is not in it`);
    return schema;
  };

  /** What is wrong with a value; undefined: nothing. */
  problemOf(schema: Schema, value: unknown): string | undefined {
    let validate = this.#validators.get(schema);
    if (validate === undefined) {
      validate = this.#ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"document#/')));
      this.#validators.set(schema, validate);
    }
    return validate(value) ? undefined : this.#ajv.errorsText(validate.errors, { dataVar: 'answer' });
  }
}
