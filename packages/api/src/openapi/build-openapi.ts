import { z } from 'zod';
import { principalSchema } from '@interpulse/domain/access/principal.ts';
import { datasetFileSchema, datasetSchema } from '@interpulse/domain/dataset/dataset.ts';
import { previewSchema } from '@interpulse/domain/dataset/preview.ts';
import { eventSchema } from '@interpulse/domain/event/event.ts';
import {
  flowBatchProgressSchema,
  flowBatchSchema,
} from '@interpulse/domain/flow-run/flow-batch.ts';
import {
  flowLogEntrySchema,
  flowRunSchema,
  flowSchema,
  flowStepSchema,
} from '@interpulse/domain/flow-run/flow-run.ts';
import { webInputSchema } from '@interpulse/domain/web-input/web-input.ts';
import { jsonSchema } from '@interpulse/domain/json.ts';
import {
  instrumentRunSchema,
  instrumentSchema,
  shotSchema,
} from '@interpulse/domain/instrument/instrument.ts';
import {
  instrumentTimingSchema,
  shotTimingSchema,
} from '@interpulse/domain/instrument/shot-timing.ts';
import { runResultSchema } from '@interpulse/domain/instrument/run-result.ts';
import {
  ensembleSchema,
  jobAttemptSchema,
  jobRequestSchema,
  jobSchema,
} from '@interpulse/domain/job/job.ts';
import { pilotSchema } from '@interpulse/domain/pilot/pilot.ts';
import {
  collectionSchema,
  maintenanceSchema,
  placementLimitSchema,
  poolSchema,
  poolSettingsSchema,
  siteSampleSchema,
  siteSchema,
} from '@interpulse/domain/site/site.ts';
import { transferSchema } from '@interpulse/domain/transfer/transfer.ts';
import { ownNoticesSchema } from '../routes/notices.ts';
import { triggerReportSchema, triggerSchema } from '@interpulse/domain/trigger/trigger.ts';
import { triggerFiringSchema } from '@interpulse/domain/trigger/trigger-firing.ts';
import { flowRunDocumentSchema } from '../routes/flow-runs.ts';
import { projectSchema, tokenSchema, userSchema } from '../routes/access.ts';
import { allRoutes, apiPrefix, type OperationId } from '../routes/all-routes.ts';
import { problemSchema, type RouteContract } from '../routes/contract.ts';
import { jobExplanationSchema } from '../routes/jobs.ts';
import { examples } from './examples.ts';
import { folderEntrySchema, registeredAppSchema } from '../routes/sites.ts';

/** Schemas that have a name of their own in the document. */
const named = {
  Collection: collectionSchema,
  Dataset: datasetSchema,
  DatasetFile: datasetFileSchema,
  Ensemble: ensembleSchema,
  Event: eventSchema,
  Flow: flowSchema,
  FlowLogEntry: flowLogEntrySchema,
  FlowBatch: flowBatchSchema,
  FlowBatchProgress: flowBatchProgressSchema,
  FlowRun: flowRunSchema,
  WebInput: webInputSchema,
  FlowStep: flowStepSchema,
  FlowRunDocument: flowRunDocumentSchema,
  FolderEntry: folderEntrySchema,
  Instrument: instrumentSchema,
  InstrumentRun: instrumentRunSchema,
  InstrumentTiming: instrumentTimingSchema,
  Job: jobSchema,
  Json: jsonSchema,
  JobAttempt: jobAttemptSchema,
  JobExplanation: jobExplanationSchema,
  Maintenance: maintenanceSchema,
  Pilot: pilotSchema,
  PlacementLimit: placementLimitSchema,
  Pool: poolSchema,
  PoolSettings: poolSettingsSchema,
  Preview: previewSchema,
  Principal: principalSchema,
  Problem: problemSchema,
  Project: projectSchema,
  RegisteredApp: registeredAppSchema,
  RunResult: runResultSchema,
  Shot: shotSchema,
  ShotTiming: shotTimingSchema,
  Site: siteSchema,
  SiteSample: siteSampleSchema,
  Token: tokenSchema,
  Transfer: transferSchema,
  Trigger: triggerSchema,
  OwnNotices: ownNoticesSchema,
  TriggerReport: triggerReportSchema,
  TriggerFiring: triggerFiringSchema,
  User: userSchema,
} as const;

type Json = Record<string, unknown>;

/** Builds the OpenAPI 3.1 document from the schemas that validate. */
export function buildOpenApi(version: string): Json {
  const outputs = z.registry<{ id: string }>();
  const inputs = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) outputs.add(schema, { id });
  inputs.add(jsonSchema, { id: 'Json' });
  inputs.add(jobRequestSchema, { id: 'JobRequest' });
  const paths: Record<string, Json> = {};
  for (const [operationId, route] of Object.entries<RouteContract>(allRoutes)) {
    const capital = operationId.slice(0, 1).toUpperCase() + operationId.slice(1);
    if (route.body) inputs.add(route.body, { id: `${capital}Body` });
    const path = apiPrefix + route.path.replace(/:([A-Za-z]+)/g, '{$1}');
    (paths[path] ??= {})[route.method.toLowerCase()] = describeRoute(
      operationId,
      `${capital}Body`,
      route,
      outputs,
    );
  }
  const uri = (id: string) => `#/components/schemas/${id}`;
  const schemas = {
    ...z.toJSONSchema(outputs, { uri, io: 'output' }).schemas,
    ...z.toJSONSchema(inputs, { uri, io: 'input' }).schemas,
  };
  nameJobRequests(schemas['SubmitJobsBody'] as unknown as SubmitJobsJson);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Interpulse',
      version,
      description:
        'Brings the answer back before the next pulse. Errors are problem+json (RFC 9457); lists ' +
        'page by `cursor`; `Idempotency-Key` makes a repeated submission harmless.',
    },
    servers: [{ url: '/' }],
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'interpulse_session' },
      },
      // Recursive in truth; generators of clients do better with "anything".
      schemas: { ...(tidy(schemas) as Json), Json: { description: 'Any JSON value' } },
    },
    paths,
  };
}

interface SubmitJobsJson {
  properties: { common: Json; jobs: { items: Json } };
}

/**
 * Jobs of a submission are validated when what they have in common is laid under them; clients
 * shall know what may stand in them all the same.
 */
function nameJobRequests({ properties }: SubmitJobsJson): void {
  properties.common = { $ref: '#/components/schemas/JobRequest' };
  properties.jobs.items = { $ref: '#/components/schemas/JobRequest' };
}

function describeRoute(
  operationId: string,
  bodyId: string,
  route: RouteContract,
  outputs: z.core.$ZodRegistry<{ id: string }>,
): Json {
  const problem = {
    description: 'A problem, as RFC 9457 describes it',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
  const example = examples[operationId as OperationId];
  const success: Json = { description: route.status === 204 ? 'Done' : 'The answer' };
  if (route.response) {
    const schema = refOrInline(route.response, outputs);
    success['content'] = { 'application/json': withExample(schema, example?.response) };
  } else if (route.produces) {
    const schema = route.produces === 'application/json' ? {} : { type: 'string' };
    success['content'] = { [route.produces]: { schema } };
  }
  const parameters = [
    ...describeParameters('path', route.params),
    ...describeParameters('query', route.query),
  ];
  if (route.idempotent) {
    const schema = { type: 'string', maxLength: 200 };
    parameters.push({ name: 'Idempotency-Key', in: 'header', required: false, schema });
  }
  return {
    operationId,
    tags: [route.tag],
    summary: route.summary,
    security: route.auth === 'none' ? [] : [{ token: [] }, { session: [] }],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(route.body
      ? {
          requestBody: {
            required: true,
            content: {
              'application/json': withExample(
                { $ref: `#/components/schemas/${bodyId}` },
                example?.body,
              ),
            },
          },
        }
      : {}),
    ...(route.consumes
      ? { requestBody: { required: true, content: { [route.consumes]: { schema: bytes } } } }
      : {}),
    responses: { [String(route.status ?? 200)]: success, default: problem },
  };
}

function withExample(schema: unknown, example: unknown): Json {
  return example === undefined ? { schema } : { schema, example };
}

/** Bytes as they are. */
const bytes = { type: 'string', contentMediaType: 'application/octet-stream' };

function refOrInline(schema: z.ZodType, outputs: z.core.$ZodRegistry<{ id: string }>): unknown {
  const id = outputs.get(schema)?.id;
  if (id !== undefined) return { $ref: `#/components/schemas/${id}` };
  const uri = (name: string) => `#/components/schemas/${name}`;
  // Registered with the others for one conversion, so that nested schemas become references.
  const local = z.registry<{ id: string }>();
  for (const [name, known] of Object.entries(named)) local.add(known, { id: name });
  local.add(schema, { id: 'Inline' });
  return tidy(z.toJSONSchema(local, { uri, io: 'output' }).schemas['Inline']);
}

function describeParameters(place: 'path' | 'query', schema: z.ZodObject | undefined): Json[] {
  if (!schema) return [];
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const required = new Set(json.required ?? []);
  return Object.entries(json.properties ?? {}).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.has(name),
    schema: tidy(Object.keys(property as object).length === 0 ? { type: 'string' } : property),
  }));
}

/** Takes `$schema` and `$id` out: they mean nothing inside a document. */
function tidy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tidy);
  if (value === null || typeof value !== 'object') return value;
  const kept = Object.entries(value).filter(([key]) => key !== '$schema' && key !== '$id');
  return Object.fromEntries(kept.map(([key, inner]) => [key, tidy(inner)]));
}
