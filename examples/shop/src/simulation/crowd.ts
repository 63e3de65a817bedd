import { countries, devices, plans, type Visitor } from '../visitor.ts';

const userAgents: Readonly<Record<Visitor['device'], string>> = {
  desktop: 'Mozilla/5.0 (X11; Linux x86_64) ShopVisitor/1',
  phone: 'Mozilla/5.0 (Linux; Android 16) Mobile ShopVisitor/1',
  tablet: 'Mozilla/5.0 (Linux; Android 16) Tablet ShopVisitor/1',
};

/** Someone who comes by again and again, always as the same visitor. */
export interface SimulatedVisitor {
  readonly id: string;
  /** Cookies they come with, as a browser would have kept them. */
  readonly cookies: Readonly<Record<string, string>>;
  readonly userAgent: string;
}

/** The same people in every run: person n is always `sim-00n`, from the same country, with the same plan. */
export function gatherCrowd(size: number): SimulatedVisitor[] {
  return Array.from({ length: size }, (_, index) => {
    const number = index + 1;
    const id = `sim-${String(number).padStart(3, '0')}`;
    // Steps without a common divisor, so that countries, devices and plans mix.
    const country = pick(countries, number * 3);
    const device = pick(devices, Math.floor(number / 2));
    const plan = pick(plans, Math.floor(number / 5));
    // Spread evenly over all buckets, so that a share of traffic is that share of these people.
    const bunting_bucket = String((number * 61_803) % 100_000).padStart(5, '0');
    return { id, cookies: { visitor: id, country, plan, bunting_bucket }, userAgent: userAgents[device] };
  });
}

function pick<T>(values: readonly [T, ...T[]], index: number): T {
  return values[index % values.length] ?? values[0];
}
