import { z } from 'zod';
import { DomainError } from './error.ts';

/** Names of collections, sites, apps, flows, instruments: lower case, digits, `-`, `_`, `.`. */
export const nameSchema = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,62}$/,
    'use at most 63 lower-case letters, digits, ".", "_", "-", a letter or digit first',
  );

/** A file or folder in a collection: `collection:/path`, without `..`, `//` or NUL. */
export const locationSchema = z
  .string()
  .max(4096)
  .regex(/^[a-z0-9][a-z0-9._-]{0,62}:\/[^\0]*$/, 'write a location as "collection:/path"')
  .refine(
    (text) => isPlainPath(text.slice(text.indexOf(':') + 1)),
    'no "..", "." or "//" in a path',
  );

/** See {@link locationSchema}. */
export type Location = string;

function isPlainPath(path: string): boolean {
  const parts = path.slice(1).split('/');
  if (parts.at(-1) === '') parts.pop();
  return parts.every((part) => part !== '' && part !== '.' && part !== '..');
}

/**
 * Splits a location into its collection's name and its path (which starts with `/`).
 * @throws DomainError invalid, when it is not a location.
 */
export function parseLocation(location: Location): { collection: string; path: string } {
  const parsed = locationSchema.safeParse(location);
  if (!parsed.success) {
    const why = parsed.error.issues[0]?.message ?? 'not a location';
    throw new DomainError('invalid', `"${location}" is not a location: ${why}`);
  }
  const colon = location.indexOf(':');
  return { collection: location.slice(0, colon), path: location.slice(colon + 1) };
}

/** The collection of a location that was checked when it came in; see {@link parseLocation}. */
export function collectionOf(location: Location): string {
  return location.slice(0, location.indexOf(':'));
}

/** The last name of a location's path: `raw:/a/shot_7.h5` gives `shot_7.h5`. */
export function baseName(location: Location): string {
  return location.replace(/\/$/, '').split('/').at(-1) ?? '';
}
