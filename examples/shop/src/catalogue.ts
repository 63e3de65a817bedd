/** How a flag is cut. */
export type Cut = 'triangle' | 'swallowtail' | 'square' | 'scallop' | 'pennant' | 'gonfalon';

/** What is dyed or sewn onto it. */
export type Pattern = 'plain' | 'stripes' | 'hem' | 'dots';

export interface Product {
  readonly slug: string;
  /** Each string is named after a bunting, the bird, and dyed in its plumage. */
  readonly name: string;
  readonly latin: string;
  readonly kind: 'Bunting' | 'Pennants' | 'Banner';
  readonly cut: Cut;
  readonly pattern: Pattern;
  /** Dyes as CSS hex colours: the main one first. */
  readonly dyes: readonly [string, string, string];
  /** The bird's head, belly and wing, as CSS colours. */
  readonly plumage: readonly [string, string, string];
  readonly lengthM: number;
  readonly flagCount: number;
  readonly cloth: string;
  readonly priceCents: number;
  readonly blurb: string;
}

export const products: readonly Product[] = [
  {
    slug: 'indigo-bunting',
    name: 'Indigo Bunting',
    latin: 'Passerina cyanea',
    kind: 'Bunting',
    cut: 'triangle',
    pattern: 'plain',
    dyes: ['#27408b', '#3f6fd1', '#16224f'],
    plumage: ['#2d4fb0', '#3f6fd1', '#1b2a63'],
    lengthM: 6,
    flagCount: 18,
    cloth: 'cotton',
    priceCents: 1890,
    blurb: 'Three depths of one vat of indigo. The first string we ever sewed, and still the one that fades best.',
  },
  {
    slug: 'painted-bunting',
    name: 'Painted Bunting',
    latin: 'Passerina ciris',
    kind: 'Bunting',
    cut: 'scallop',
    pattern: 'hem',
    dyes: ['#2d4fa3', '#c8312b', '#7fa32b'],
    plumage: ['#2d4fa3', '#c8312b', '#7fa32b'],
    lengthM: 8,
    flagCount: 22,
    cloth: 'cotton',
    priceCents: 2490,
    blurb: 'Blue head, green back, red everything else: it looks invented, and so does a garden under it.',
  },
  {
    slug: 'lazuli-bunting',
    name: 'Lazuli Bunting',
    latin: 'Passerina amoena',
    kind: 'Pennants',
    cut: 'pennant',
    pattern: 'stripes',
    dyes: ['#2f93c4', '#d5803c', '#f3efe4'],
    plumage: ['#2f93c4', '#d5803c', '#23648a'],
    lengthM: 10,
    flagCount: 16,
    cloth: 'ripstop sailcloth',
    priceCents: 3200,
    blurb: 'Long, light and loud in the wind. Made for masts, and for the roofs of vans.',
  },
  {
    slug: 'snow-bunting',
    name: 'Snow Bunting',
    latin: 'Plectrophenax nivalis',
    kind: 'Bunting',
    cut: 'swallowtail',
    pattern: 'hem',
    dyes: ['#f4f3ee', '#39424e', '#b98b5e'],
    plumage: ['#f4f3ee', '#ffffff', '#39424e'],
    lengthM: 6,
    flagCount: 16,
    cloth: 'linen',
    priceCents: 2790,
    blurb: 'Undyed linen with a slate hem. For winter weddings and for people who say they do not like bunting.',
  },
  {
    slug: 'yellowhammer',
    name: 'Yellowhammer',
    latin: 'Emberiza citrinella',
    kind: 'Bunting',
    cut: 'triangle',
    pattern: 'dots',
    dyes: ['#e8b71a', '#a4552a', '#f7e9b0'],
    plumage: ['#eec52f', '#f1d35c', '#a4552a'],
    lengthM: 5,
    flagCount: 15,
    cloth: 'cotton',
    priceCents: 1690,
    blurb: 'Weld yellow with rust spots, block-printed by hand, so no two flags agree.',
  },
  {
    slug: 'reed-bunting',
    name: 'Reed Bunting',
    latin: 'Emberiza schoeniclus',
    kind: 'Pennants',
    cut: 'pennant',
    pattern: 'plain',
    dyes: ['#2b2a2c', '#9a6a3f', '#e9e2d2'],
    plumage: ['#1f1f22', '#e9e2d2', '#9a6a3f'],
    lengthM: 12,
    flagCount: 20,
    cloth: 'recycled sail',
    priceCents: 3600,
    blurb: 'Cut from retired sails, creases and all. It has crossed an ocean already; your balcony is no trouble.',
  },
  {
    slug: 'corn-bunting',
    name: 'Corn Bunting',
    latin: 'Emberiza calandra',
    kind: 'Bunting',
    cut: 'square',
    pattern: 'stripes',
    dyes: ['#b89668', '#e4d3b1', '#7b5d3c'],
    plumage: ['#b89668', '#e4d3b1', '#7b5d3c'],
    lengthM: 6,
    flagCount: 14,
    cloth: 'hemp',
    priceCents: 2100,
    blurb: 'Plain, sturdy, the colour of a field in August. Goes with everything, apologises for nothing.',
  },
  {
    slug: 'ortolan',
    name: 'Ortolan',
    latin: 'Emberiza hortulana',
    kind: 'Bunting',
    cut: 'scallop',
    pattern: 'dots',
    dyes: ['#c98a5a', '#7d8f69', '#f0d9a8'],
    plumage: ['#7d8f69', '#d99a63', '#8a6440'],
    lengthM: 8,
    flagCount: 24,
    cloth: 'linen',
    priceCents: 2990,
    blurb: 'Apricot and sage on washed linen. Quiet from afar, finely speckled from your chair.',
  },
  {
    slug: 'cirl-bunting',
    name: 'Cirl Bunting',
    latin: 'Emberiza cirlus',
    kind: 'Bunting',
    cut: 'swallowtail',
    pattern: 'stripes',
    dyes: ['#6f8f2f', '#efd84a', '#33402a'],
    plumage: ['#4c5b2a', '#efd84a', '#8a5a35'],
    lengthM: 7,
    flagCount: 18,
    cloth: 'cotton',
    priceCents: 2290,
    blurb: 'Hedge green and lemon stripes with a forked tail that snaps in the lightest breeze.',
  },
  {
    slug: 'rustic-bunting',
    name: 'Rustic Bunting',
    latin: 'Emberiza rustica',
    kind: 'Banner',
    cut: 'gonfalon',
    pattern: 'hem',
    dyes: ['#9c3f2b', '#f0e5d2', '#3b2a24'],
    plumage: ['#2b2220', '#f0e5d2', '#9c3f2b'],
    lengthM: 2,
    flagCount: 1,
    cloth: 'wool felt',
    priceCents: 5400,
    blurb: 'One tall banner in madder red with a sewn hem and a pole sleeve. It wants a doorway.',
  },
  {
    slug: 'black-headed-bunting',
    name: 'Black-headed Bunting',
    latin: 'Emberiza melanocephala',
    kind: 'Banner',
    cut: 'gonfalon',
    pattern: 'stripes',
    dyes: ['#f2c230', '#1f1f24', '#a65a2e'],
    plumage: ['#1f1f24', '#f2c230', '#a65a2e'],
    lengthM: 3,
    flagCount: 1,
    cloth: 'ripstop sailcloth',
    priceCents: 6800,
    blurb: 'Three metres of yellow and black, visible from the far end of any market.',
  },
  {
    slug: 'lark-bunting',
    name: 'Lark Bunting',
    latin: 'Calamospiza melanocorys',
    kind: 'Pennants',
    cut: 'pennant',
    pattern: 'hem',
    dyes: ['#24262c', '#f5f5f0', '#8a8f99'],
    plumage: ['#24262c', '#30333b', '#f0f0ea'],
    lengthM: 9,
    flagCount: 15,
    cloth: 'cotton',
    priceCents: 2850,
    blurb: 'Black with a white edge, as the bird has it on its wing. Serious cloth for unserious occasions.',
  },
];

const bySlug = new Map(products.map((product) => [product.slug, product]));

export function findProduct(slug: string): Product | undefined {
  return bySlug.get(slug);
}

/** How the list can be sorted: what stands in the URL, and what people read. */
export const sortings = {
  name: 'Name',
  'price-up': 'Price, lowest first',
  'price-down': 'Price, highest first',
  length: 'Length, longest first',
} as const;
export type Sorting = keyof typeof sortings;

const comparisons: Readonly<Record<Sorting, (a: Product, b: Product) => number>> = {
  name: (a, b) => a.name.localeCompare(b.name, 'en'),
  'price-up': (a, b) => a.priceCents - b.priceCents,
  'price-down': (a, b) => b.priceCents - a.priceCents,
  length: (a, b) => b.lengthM - a.lengthM,
};

/** Products that contain every word of `query` in their name, kind, cloth or description, in the wanted order. */
export function searchProducts(query: string, sorting: Sorting): Product[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return products
    .filter((product) => {
      const text = `${product.name} ${product.latin} ${product.kind} ${product.cloth} ${product.blurb}`.toLowerCase();
      return words.every((word) => text.includes(word));
    })
    .sort(comparisons[sorting]);
}
