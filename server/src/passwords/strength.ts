import type { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { validationFailed } from '../http/api-error.ts';

/** Passwords are refused that are found in fewer than 10^8 guesses (2 of 4): then argon2id and throttles do the rest. */
const MIN_SCORE = 3;

/** A longer one is as strong as its beginning at least. Longer texts take the estimate hundreds of milliseconds. */
const MAX_READ = 64;

/** What everybody tries first here, besides the person's own name and address. */
const PRODUCT = 'bunting';

let estimator: Promise<ZxcvbnFactory> | undefined;

/**
 * Refuses a password that guessing programs try early: one of the 40 000 most common, with the usual decorations; keyboard
 * runs, sequences, repetitions, dates; the person's name or address, or the product's name. Offline: nothing is asked of
 * anyone.
 * @throws {ApiError} `validation_failed`
 */
export async function requireStrongPassword(
  password: string,
  person: { readonly email: string; readonly name: string },
  path = 'password',
): Promise<void> {
  estimator ??= loadEstimator();
  const parts = [person.email, person.name].flatMap((text) => [text, ...text.split(/[^\p{L}\p{N}]+/u)]);
  const own = parts.filter((text) => text.length > 2);
  const { score } = (await estimator).check(password.slice(0, MAX_READ), [PRODUCT, ...own]);
  if (score >= MIN_SCORE) return;
  const message = 'is easily guessed: use several words that have nothing to do with each other, or a password manager';
  throw validationFailed([{ path, message }]);
}

/** Loaded when somebody first chooses a password: 28 MB that most processes never need. */
async function loadEstimator(): Promise<ZxcvbnFactory> {
  const [{ ZxcvbnFactory }, { dictionary, adjacencyGraphs }] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
  ]);
  return new ZxcvbnFactory({
    dictionary: { 'passwords-common': dictionary['passwords-common'] },
    graphs: adjacencyGraphs,
  });
}
