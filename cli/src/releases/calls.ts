import { randomUUID } from 'node:crypto';
import { type Api, type Schemas, unwrap } from '../api/client.ts';
import { CommandError } from '../exit-code.ts';
import type { ReleaseInput } from './spec.ts';

export type Release = Schemas['Release'];
export type ReleaseDecision = Schemas['ReleaseDecision'];
export type ReleaseCommand = Schemas['ReleaseCommand'];

const RELEASE = '/api/v1/projects/{project}/releases/{release}';

/** A release of one project, as the API has it. */
export class ReleaseCalls {
  readonly #api: Api;
  readonly #project: string;

  constructor(api: Api, project: string) {
    this.#api = api;
    this.#project = project;
  }

  /** @param key the same key makes the same release: a job that is run again finds what it made the first time */
  create(body: ReleaseInput, key: string = randomUUID()): Promise<Release> {
    const params = { path: { project: this.#project }, header: { 'idempotency-key': key } };
    return unwrap(this.#api.POST('/api/v1/projects/{project}/releases', { params, body }));
  }

  get(release: string): Promise<Release> {
    return unwrap(this.#api.GET(RELEASE, { params: this.#at(release) }));
  }

  command(release: string, body: ReleaseCommand): Promise<Release> {
    return unwrap(this.#api.POST(`${RELEASE}/commands`, { params: this.#at(release), body }));
  }

  approve(release: string): Promise<Release> {
    return unwrap(this.#api.POST(`${RELEASE}/approve`, { params: this.#at(release) }));
  }

  /** All that was decided about it, with what it was made of, as text that `verify` reads. */
  export(release: string): Promise<Schemas['ReleaseExport']> {
    return unwrap(this.#api.GET(`${RELEASE}/export`, { params: this.#at(release) }));
  }

  async templates(): Promise<readonly Schemas['ReleaseTemplate'][]> {
    const params = { path: { project: this.#project } };
    return (await unwrap(this.#api.GET('/api/v1/projects/{project}/release-templates', { params }))).items;
  }

  /** What a way to release says of a release. @throws {CommandError} when there is none of this key */
  async template(wanted: string): Promise<Partial<ReleaseInput>> {
    const templates = await this.templates();
    const found = templates.find(({ key }) => key === wanted);
    if (found === undefined) {
      const keys = templates.map(({ key }) => key).join(', ');
      throw new CommandError(`There is no template "${wanted}"; there are ${keys}.`);
    }
    const { key: _, name: __, description: ___, isBuiltIn: ____, ...spec } = found;
    return spec;
  }

  /** Newest first. */
  async list(query: { readonly environment?: string; readonly limit: number }): Promise<readonly Release[]> {
    const params = { path: { project: this.#project }, query };
    return (await unwrap(this.#api.GET('/api/v1/projects/{project}/releases', { params }))).items;
  }

  /** Those after the one of this id, oldest first. Without it: all. */
  async decisionsAfter(release: string, after: string | undefined): Promise<ReleaseDecision[]> {
    const decisions: ReleaseDecision[] = [];
    let cursor: string | undefined;
    do {
      const query = { limit: 200, ...(cursor === undefined ? {} : { cursor }) };
      const params = { ...this.#at(release), query };
      const page = await unwrap(this.#api.GET(`${RELEASE}/decisions`, { params }));
      for (const decision of page.items) {
        if (decision.id === after) return decisions.reverse();
        decisions.push(decision);
      }
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    return decisions.reverse();
  }

  #at(release: string) {
    return { path: { project: this.#project, release } };
  }
}
