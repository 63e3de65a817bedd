import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { type Logger, log } from '../logger.ts';
import { type OverrideValues, parseOverrides } from './override-values.ts';

/** Looked at so often, however it is replaced; it need not be there. */
const LOOK_EVERY_MS = 500;

/** The overrides in a file: JSON, values by flag key. While what is in it cannot be used, what was before holds. */
export class OverridesFile {
  readonly #path: string;
  readonly #logger: Logger;
  readonly #onChange: () => void;
  readonly #look = () => {
    this.#read();
    this.#onChange();
  };
  values: OverrideValues = new Map();
  #said = '';

  constructor(path: string, logger: Logger, onChange: () => void) {
    this.#path = path;
    this.#logger = logger;
    this.#onChange = onChange;
    this.#read();
    watchFile(path, { interval: LOOK_EVERY_MS, persistent: false }, this.#look);
  }

  close(): void {
    unwatchFile(this.#path, this.#look);
  }

  #read(): void {
    const where = `BUNTING_OVERRIDES_FILE (${this.#path})`;
    const problems: string[] = [];
    try {
      this.values = parseOverrides(where, readFileSync(this.#path, 'utf8'), problems) ?? this.values;
    } catch (cause) {
      this.values = new Map();
      problems.push(`${where} has no overrides: ${(cause as Error).message}`);
    }
    const said = problems.join('; ');
    // A file that is not there is looked at twice in the beginning.
    if (said !== '' && said !== this.#said) log(this.#logger, 'warn', said);
    this.#said = said;
  }
}
