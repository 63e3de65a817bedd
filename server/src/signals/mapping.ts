import { createContext, Script } from 'node:vm';
import { Environment } from '@marcbachmann/cel-js';
import { validationFailed } from '../http/api-error.ts';
import type { Mapping } from './adapter.ts';
import { malformed } from './body.ts';

/**
 * How long an expression may take with one message, in milliseconds by the clock. A busy machine is not the expression's
 * fault, and an alert must not be lost by it: so it is tried a second time, for longer.
 */
const PATIENCE_MS = 50;
const SECOND_PATIENCE_MS = 250;

/** What an expression may be made of. Bodies are bounded by the inbox. */
const LIMITS = { maxAstNodes: 500, maxDepth: 32, maxListElements: 100, maxMapEntries: 100, maxCallArguments: 16 };

const environment = new Environment({
  limits: LIMITS,
  homogeneousAggregateLiterals: false,
  enableOptionalTypes: true,
}).registerVariable('body', 'dyn');

/** Calls of other realms can be ended when they take too long, also inside a regular expression. */
const realm = createContext({ work: () => {} }, { codeGeneration: { strings: false, wasm: false } });
const call = new Script('work()');

/**
 * Makes a function of an expression in CEL (https://cel.dev): of `body` it makes an alert, a list of alerts, or null.
 * @throws {ApiError} `validation_failed` when it is none
 */
export function compileMapping(expression: string): Mapping {
  const evaluate = readExpression(expression);
  return (body) => {
    try {
      realm.work = () => JSON.stringify(evaluate({ body }), plainNumbers);
      const json = runBounded();
      return json === undefined ? null : JSON.parse(json);
    } catch (error) {
      throw malformed(`The mapping of this source cannot be applied to the message: ${reasonOf(error)}.`);
    } finally {
      realm.work = undefined;
    }
  };
}

/** Does the work that the realm has. */
function runBounded(): string | undefined {
  try {
    return call.runInContext(realm, { timeout: PATIENCE_MS });
  } catch (error) {
    if (!isTimeout(error)) throw error;
    return call.runInContext(realm, { timeout: SECOND_PATIENCE_MS });
  }
}

function isTimeout(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
}

function readExpression(expression: string): (context: { body: unknown }) => unknown {
  const checked = environment.check(expression);
  if (!checked.valid) throw refused(reasonOf(checked.error));
  if (!/^(dyn|null_type|map<.*|list<.*|optional<.*)$/.test(checked.type ?? 'dyn')) {
    throw refused(
      `it makes ${checked.type}; let it make an alert, such as {"status": "firing", "fingerprint": body.id, ...}`,
    );
  }
  const evaluate = environment.parse(expression);
  return (context) => evaluate(context);
}

const refused = (reason: string) =>
  validationFailed([{ path: 'mapping', message: `is no expression in CEL: ${reason}` }]);

/** CEL counts in 64-bit integers. */
function plainNumbers(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}

/** The first line: the rest shows where in the expression. */
function reasonOf(error: unknown): string {
  if (isTimeout(error)) return `it takes longer than ${SECOND_PATIENCE_MS} ms`;
  const { message } = error as Error;
  return message.split('\n', 1)[0] ?? message;
}
