/** What a choice needs of a thing: its key, and what people call it. */
interface Named {
  readonly key: string;
  readonly name: string;
}

/** Things to choose from, with the one that is chosen also where it is not among them (any more). */
export function optionsOf(things: readonly Named[] = [], chosen: string) {
  const options = things.map(({ key, name }) => ({ value: key, label: name === key ? key : `${name} (${key})` }));
  return chosen === '' || things.some(({ key }) => key === chosen)
    ? options
    : [...options, { value: chosen, label: chosen }];
}
