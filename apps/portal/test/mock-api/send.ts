import { globSync, readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { DomainError } from '@interpulse/domain/error.ts';

const distFolder = join(import.meta.dirname, '..', '..', 'dist');

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

const statusOfKind = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  notFound: 404,
  conflict: 409,
  exhausted: 429,
  unavailable: 503,
} as const;

/** Answers JSON. */
export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

/** Answers a problem document; what is no DomainError is a fault of the mock and is printed. */
export function sendProblem(response: ServerResponse, error: unknown): void {
  const known = error instanceof DomainError;
  if (!known) console.error(error);
  const kind = known ? error.kind : 'unavailable';
  const status = known ? statusOfKind[kind] : 500;
  const detail = error instanceof Error ? error.message : String(error);
  const problem = { type: `urn:interpulse:problem/${kind}`, title: kind, status, detail };
  if (response.headersSent) response.destroy();
  else {
    response.writeHead(status, { 'content-type': 'application/problem+json' });
    response.end(JSON.stringify(known ? { ...problem, errors: error.faults } : problem));
  }
}

/** The built portal by path, read at once: a build that runs meanwhile cannot pull it away. */
export function readPortal(): Map<string, Buffer> {
  const paths = globSync('**/*.*', { cwd: distFolder });
  return new Map(paths.map((path) => [path, readFileSync(join(distFolder, path))]));
}

/** Answers a file of the portal; any path without an extension is the portal itself. */
export function sendPortalFile(
  response: ServerResponse,
  portal: Map<string, Buffer>,
  path: string,
): void {
  const wanted = extname(path) === '' ? 'index.html' : path.replace(/^\/+/, '');
  const bytes = portal.get(wanted);
  if (bytes === undefined) {
    sendProblem(response, new DomainError('notFound', `there is no ${path}`));
    return;
  }
  const headers = { 'content-type': contentTypes[extname(wanted)] ?? 'application/octet-stream' };
  response.writeHead(200, headers).end(bytes);
}
