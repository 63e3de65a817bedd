import { z } from 'zod';

/** A whole number, written as a number in a file or as digits in a variable or flag. */
export function whole(message: string, min: number, max: number) {
  return z
    .union([z.int(), z.string().regex(/^\d{1,9}$/, message)], { error: message })
    .transform(Number)
    .refine((value) => value >= min && value <= max, message);
}
