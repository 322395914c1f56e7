import { z } from 'zod';
import { limits } from '@interpulse/domain/limits.ts';

/** How a route wants its caller known: by token or cookie, not at all, or as an enrolled agent. */
export type RouteAuth = 'token' | 'none' | 'agent';

/** One route of the API: everything that validation, the document and the clients need. */
export interface RouteContract {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Under `/api/v1`, with `:name` parameters. */
  path: string;
  tag: string;
  summary: string;
  auth: RouteAuth;
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** The content type of a body that is not JSON; the handler is given its bytes. */
  consumes?: string;
  /** The JSON answer; absent when the answer is not JSON (`produces`) or empty. */
  response?: z.ZodType;
  /** The content type of an answer that is not JSON. */
  produces?: string;
  /** 200 unless stated. */
  status?: 200 | 201 | 202 | 204;
  /** True when an `Idempotency-Key` header makes a repeat harmless. */
  idempotent?: boolean;
}

/** A record of routes by operation id. */
export type RouteContracts = Record<string, RouteContract>;

/** Query parameters of every list: keyset paging. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(limits.pageRows).default(limits.pageRowsDefault),
  /** The `next` of the page before. */
  cursor: z.string().max(500).optional(),
};

/** One page of a list; `next` is null on the last. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.strictObject({ items: z.array(item), next: z.string().nullable() });
}

/** What every failed request answers (RFC 9457), as `application/problem+json`. */
export const problemSchema = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  /**
   * Faults in the input with their paths: in the body, from its top on; in the address, behind
   * `params` or `query`.
   */
  errors: z
    .array(
      z.strictObject({
        loc: z.array(z.union([z.string(), z.number()])),
        msg: z.string(),
        type: z.string(),
      }),
    )
    .optional(),
});

/** See {@link problemSchema}. */
export type Problem = z.infer<typeof problemSchema>;
