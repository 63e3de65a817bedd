import {
  type KyselyPlugin,
  OperationNodeTransformer,
  type PluginTransformQueryArgs,
  type PluginTransformResultArgs,
  type QueryResult,
  RawNode,
  type RootOperationNode,
  type UnknownRow,
} from 'kysely';
import type { Store } from './store.ts';

/**
 * Makes the text columns of migrations order by their bytes on PostgreSQL, as they do on SQLite. Then pages come in the
 * same order everywhere, and no index breaks when the operating system changes the rules of a language.
 */
export class CollateText implements KyselyPlugin {
  readonly #transformer: OperationNodeTransformer | undefined;

  constructor(engine: Store['engine']) {
    this.#transformer = engine === 'postgres' ? new Transformer() : undefined;
  }

  transformQuery({ node, queryId }: PluginTransformQueryArgs): RootOperationNode {
    return this.#transformer?.transformNode(node, queryId) ?? node;
  }

  async transformResult({ result }: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> {
    return result;
  }
}

class Transformer extends OperationNodeTransformer {
  protected override transformColumnDefinition(
    ...[node, queryId]: Parameters<OperationNodeTransformer['transformColumnDefinition']>
  ) {
    const column = super.transformColumnDefinition(node, queryId);
    const type = column.dataType;
    const isText = type.kind === 'DataTypeNode' && 'dataType' in type && type.dataType === 'text';
    return isText ? { ...column, dataType: RawNode.createWithSql('text collate "C"') } : column;
  }
}
