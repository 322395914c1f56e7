import { z } from 'zod';
import { idSchema } from '@interpulse/domain/id.ts';
import { locationSchema } from '@interpulse/domain/location.ts';
import type { RouteContracts } from './contract.ts';

/** Small files that travel through the hub: what a program has in its hand, before and after. */
export const fileRoutes = {
  putFile: {
    method: 'PUT',
    path: '/file',
    tag: 'data',
    summary: 'Writes a small file into a collection; one that is there with other bytes stays',
    auth: 'token',
    status: 201,
    query: z.strictObject({ location: locationSchema }),
    consumes: 'application/octet-stream',
    response: z.strictObject({ location: locationSchema, sizeBytes: z.number().int() }),
  },
  getJobFile: {
    method: 'GET',
    path: '/jobs/:jobId/file',
    tag: 'jobs',
    summary: 'The bytes of one small output of a job (large files are moved, not served)',
    auth: 'token',
    params: z.strictObject({ jobId: idSchema('job') }),
    /** The location of one of its outputs, or of a file in an output that is a folder. */
    query: z.strictObject({ file: locationSchema }),
    produces: 'application/octet-stream',
  },
} as const satisfies RouteContracts;
