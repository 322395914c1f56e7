import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { buildOpenApi } from './build-openapi.ts';
import { jobRequestSchema } from '@interpulse/domain/job/job.ts';
import { allRoutes, type OperationId } from '../routes/all-routes.ts';
import type { RouteContract } from '../routes/contract.ts';
import { examples } from './examples.ts';

describe('the OpenAPI document', () => {
  const document = buildOpenApi('0.1.0');

  it('is what openapi.json says (run `npm run generate` when it is not)', () => {
    const committed = readFileSync(new URL('../../openapi.json', import.meta.url), 'utf8');
    assert.equal(committed, `${JSON.stringify(document, null, 2)}\n`);
  });

  it('has every route, and refers only to schemas that it holds', () => {
    const text = JSON.stringify(document);
    for (const operationId of Object.keys(allRoutes)) {
      assert.ok(text.includes(`"operationId":"${operationId}"`), operationId);
    }
    const components = document['components'] as { schemas: Record<string, unknown> };
    const references = [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)];
    assert.ok(references.length > 50);
    for (const [, name] of references) assert.ok(components.schemas[name ?? ''], name);
    assert.ok(!text.includes('$defs'), 'definitions belong under components');
  });

  it('shows examples that the routes take and may answer', () => {
    for (const [operationId, { body, response }] of Object.entries(examples)) {
      const route: RouteContract = allRoutes[operationId as OperationId];
      if (body !== undefined) route.body?.parse(body);
      if (response !== undefined) route.response?.parse(response);
    }
    const submission = examples.submitJobs?.body;
    assert.ok(submission);
    const { common, jobs } = submission as { common: object; jobs: object[] };
    for (const job of jobs) jobRequestSchema.parse({ ...common, ...job });
  });
});
