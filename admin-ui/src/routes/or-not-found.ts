import { notFound } from '@tanstack/react-router';
import { ApiError } from '../api/api-error.ts';

/** What the server does not know is not found here either. */
export async function orNotFound<Data>(load: Promise<Data>): Promise<Data> {
  try {
    return await load;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) throw notFound();
    throw error;
  }
}
