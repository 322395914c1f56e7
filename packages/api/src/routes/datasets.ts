import { z } from 'zod';
import { jsonObjectSchema } from '@interpulse/domain/json.ts';
import {
  datasetFileSchema,
  datasetRequestSchema,
  datasetSchema,
} from '@interpulse/domain/dataset/dataset.ts';
import { previewSchema } from '@interpulse/domain/dataset/preview.ts';
import { eventSchema, subjectTypes } from '@interpulse/domain/event/event.ts';
import { idSchema } from '@interpulse/domain/id.ts';
import { locationSchema, nameSchema } from '@interpulse/domain/location.ts';
import { pageOf, pageQuery, type RouteContracts } from './contract.ts';

const datasetParams = z.strictObject({ datasetId: idSchema('dataset') });

/** A file of a dataset and a path within the HDF5 file. */
const hdf5Query = { file: locationSchema, path: z.string().min(1).max(4096) };

/** The catalog, and the history of everything. */
export const datasetRoutes = {
  registerDataset: {
    method: 'POST',
    path: '/datasets',
    tag: 'catalog',
    summary: 'Registers files as a dataset',
    auth: 'token',
    status: 201,
    idempotent: true,
    body: datasetRequestSchema,
    response: datasetSchema,
  },
  listDatasets: {
    method: 'GET',
    path: '/datasets',
    tag: 'catalog',
    summary: 'Datasets, newest first; `q` searches title, keywords, metadata',
    auth: 'token',
    query: z.strictObject({
      ...pageQuery,
      q: z.string().max(500).optional(),
      kind: z.enum(['raw', 'result']).optional(),
      instrument: nameSchema.optional(),
      project: nameSchema.optional(),
      flowRun: idSchema('flowrun').optional(),
    }),
    response: pageOf(datasetSchema),
  },
  getDataset: {
    method: 'GET',
    path: '/datasets/:datasetId',
    tag: 'catalog',
    summary: 'One dataset with its files and what was derived from it',
    auth: 'token',
    params: datasetParams,
    response: z.strictObject({
      dataset: datasetSchema,
      files: z.array(datasetFileSchema),
      sources: z.array(datasetSchema),
      results: z.array(datasetSchema),
    }),
  },
  getDatasetPreview: {
    method: 'GET',
    path: '/datasets/:datasetId/preview',
    tag: 'catalog',
    summary: 'What the portal draws for a dataset',
    auth: 'token',
    params: datasetParams,
    response: previewSchema,
  },
  getDatasetFile: {
    method: 'GET',
    path: '/datasets/:datasetId/file',
    tag: 'catalog',
    summary: 'The bytes of one small file, asked of its agent (large files are moved, not served)',
    auth: 'token',
    params: datasetParams,
    query: z.strictObject({ file: locationSchema }),
    produces: 'application/octet-stream',
  },
  getHdf5Entity: {
    method: 'GET',
    path: '/datasets/:datasetId/hdf5/entity',
    tag: 'catalog',
    summary: 'A group or dataset within an HDF5 file, as H5Web wants it',
    auth: 'token',
    params: datasetParams,
    query: z.strictObject(hdf5Query),
    response: jsonObjectSchema,
  },
  getHdf5Attributes: {
    method: 'GET',
    path: '/datasets/:datasetId/hdf5/attributes',
    tag: 'catalog',
    summary: 'Attribute values of an entity within an HDF5 file',
    auth: 'token',
    params: datasetParams,
    query: z.strictObject(hdf5Query),
    response: jsonObjectSchema,
  },
  getHdf5Value: {
    method: 'GET',
    path: '/datasets/:datasetId/hdf5/value',
    tag: 'catalog',
    summary: 'Values of a dataset within an HDF5 file: JSON, or raw little-endian bytes',
    auth: 'token',
    params: datasetParams,
    query: z.strictObject({
      ...hdf5Query,
      /** Such as `0,:,:`; everything when absent. */
      selection: z.string().max(200).optional(),
      format: z.enum(['json', 'bin']).default('json'),
    }),
    produces: 'application/json',
  },
  listEvents: {
    method: 'GET',
    path: '/events',
    tag: 'hub',
    summary: 'The history of one thing, oldest first',
    auth: 'token',
    query: z.strictObject({
      ...pageQuery,
      subjectType: z.enum(subjectTypes).optional(),
      subjectId: z.string().max(200).optional(),
      flowRun: idSchema('flowrun').optional(),
    }),
    response: pageOf(eventSchema),
  },
  streamEvents: {
    method: 'GET',
    path: '/events/stream',
    tag: 'hub',
    summary: 'Everything that happens, as server-sent events; resumes after Last-Event-ID',
    auth: 'token',
    query: z.strictObject({
      after: z.string().max(100).optional(),
      subjectType: z.enum(subjectTypes).optional(),
    }),
    produces: 'text/event-stream',
  },
} as const satisfies RouteContracts;
