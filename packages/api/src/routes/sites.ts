import { z } from 'zod';
import { appSchema } from '@interpulse/domain/app/app.ts';
import { idSchema } from '@interpulse/domain/id.ts';
import { locationSchema, nameSchema } from '@interpulse/domain/location.ts';
import { pilotSchema } from '@interpulse/domain/pilot/pilot.ts';
import {
  collectionSchema,
  maintenanceSchema,
  placementLimitSchema,
  poolSettingsSchema,
  siteSampleSchema,
  siteSchema,
} from '@interpulse/domain/site/site.ts';
import { withoutDefaults } from '@interpulse/domain/without-defaults.ts';
import { instantSchema } from '@interpulse/domain/time.ts';
import { pageOf, pageQuery, type RouteContracts } from './contract.ts';

/** One name in a folder. */
export const folderEntrySchema = z.strictObject({
  name: z.string(),
  type: z.enum(['file', 'folder', 'other']),
  sizeBytes: z.number().int().nullable(),
  modifiedAt: instantSchema.nullable(),
});

/** An app as the hub keeps it. */
export const registeredAppSchema = appSchema.extend({
  /** Counts changes, from 1. */
  revision: z.number().int().min(1),
  updatedAt: instantSchema,
  /** SHA-256 of its code by site name, `*` for sites without a variant: what sites may list. */
  digests: z.record(z.string(), z.string()),
});

/** Agents, sites, collections and apps. */
export const siteRoutes = {
  createEnrolmentCode: {
    method: 'POST',
    path: '/enrolment-codes',
    tag: 'sites',
    summary: 'Makes a one-time code with which an agent enrols (administrators)',
    auth: 'token',
    status: 201,
    body: z.strictObject({ site: nameSchema }),
    response: z.strictObject({ code: z.string(), expiresAt: instantSchema }),
  },
  enrolAgent: {
    method: 'POST',
    path: '/agents/enrol',
    tag: 'sites',
    summary: 'Exchanges an enrolment code for an identity of its own',
    auth: 'none',
    status: 201,
    body: z.strictObject({ code: z.string().min(8).max(200) }),
    response: z.strictObject({
      agentId: idSchema('agent'),
      site: nameSchema,
      secret: z.string(),
    }),
  },
  listSites: {
    method: 'GET',
    path: '/sites',
    tag: 'sites',
    summary: 'Sites, their state, pools and load',
    auth: 'token',
    query: z.strictObject(pageQuery),
    response: pageOf(siteSchema),
  },
  getSite: {
    method: 'GET',
    path: '/sites/:site',
    tag: 'sites',
    summary: 'One site',
    auth: 'token',
    params: z.strictObject({ site: nameSchema }),
    response: siteSchema,
  },
  updateSite: {
    method: 'PATCH',
    path: '/sites/:site',
    tag: 'sites',
    summary: 'Closes and opens the site (administrators)',
    auth: 'token',
    params: z.strictObject({ site: nameSchema }),
    body: z.strictObject({
      title: z.string().max(200).optional(),
      closed: z.boolean().optional(),
      /** Why it is closed; shown to everyone who waits. */
      reason: z.string().max(500).optional(),
    }),
    response: siteSchema,
  },
  updatePool: {
    method: 'PATCH',
    path: '/sites/:site/pools/:pool',
    tag: 'sites',
    summary: 'Tunes a pool within what its site allows (administrators)',
    auth: 'token',
    params: z.strictObject({ site: nameSchema, pool: nameSchema }),
    body: withoutDefaults(poolSettingsSchema),
    response: siteSchema,
  },
  addMaintenance: {
    method: 'POST',
    path: '/sites/:site/maintenance',
    tag: 'sites',
    summary: 'Announces a time in which the site takes no work (administrators)',
    auth: 'token',
    status: 201,
    params: z.strictObject({ site: nameSchema }),
    body: maintenanceSchema.omit({ id: true }),
    response: maintenanceSchema,
  },
  removeMaintenance: {
    method: 'DELETE',
    path: '/sites/:site/maintenance/:maintenanceId',
    tag: 'sites',
    summary: 'Takes an announced maintenance back (administrators)',
    auth: 'token',
    status: 204,
    params: z.strictObject({ site: nameSchema, maintenanceId: idSchema('maintenance') }),
  },
  getSiteUsage: {
    method: 'GET',
    path: '/sites/:site/usage',
    tag: 'sites',
    summary: 'How the site was used over time, oldest first',
    auth: 'token',
    params: z.strictObject({ site: nameSchema }),
    query: z.strictObject({
      hours: z.coerce.number().min(0.1).max(336).default(24),
      /** At most so many samples, evenly spread. */
      samples: z.coerce.number().int().min(10).max(2000).default(500),
    }),
    response: z.strictObject({ samples: z.array(siteSampleSchema) }),
  },
  listLimits: {
    method: 'GET',
    path: '/placement-limits',
    tag: 'sites',
    summary: 'Limits of placing, by project, site and app',
    auth: 'token',
    response: z.strictObject({
      items: z.array(
        placementLimitSchema.extend({ jobs: z.number().int(), cores: z.number().int() }),
      ),
    }),
  },
  saveLimit: {
    method: 'PUT',
    path: '/placement-limits',
    tag: 'sites',
    summary: 'Sets the limit for a project, site, app or any two or three (administrators)',
    auth: 'token',
    body: placementLimitSchema,
    response: placementLimitSchema,
  },
  removeLimit: {
    method: 'DELETE',
    path: '/placement-limits',
    tag: 'sites',
    summary: 'Takes a limit away (administrators)',
    auth: 'token',
    status: 204,
    query: z.strictObject({
      project: nameSchema.optional(),
      site: nameSchema.optional(),
      app: nameSchema.optional(),
    }),
  },
  listPilots: {
    method: 'GET',
    path: '/pilots',
    tag: 'sites',
    summary: 'Pilots, newest first',
    auth: 'token',
    query: z.strictObject({
      ...pageQuery,
      site: nameSchema.optional(),
      alive: z.stringbool().optional(),
    }),
    response: pageOf(pilotSchema),
  },
  listCollections: {
    method: 'GET',
    path: '/collections',
    tag: 'data',
    summary: 'Collections',
    auth: 'token',
    query: z.strictObject(pageQuery),
    response: pageOf(collectionSchema),
  },
  listFolder: {
    method: 'GET',
    path: '/folder',
    tag: 'data',
    summary: 'What lies in a folder of a collection, asked of its agent',
    auth: 'token',
    query: z.strictObject({ location: locationSchema }),
    response: z.strictObject({ location: locationSchema, entries: z.array(folderEntrySchema) }),
  },
  listApps: {
    method: 'GET',
    path: '/apps',
    tag: 'apps',
    summary: 'Apps that sites can run',
    auth: 'token',
    query: z.strictObject(pageQuery),
    response: pageOf(registeredAppSchema),
  },
  getApp: {
    method: 'GET',
    path: '/apps/:app',
    tag: 'apps',
    summary: 'One app',
    auth: 'token',
    params: z.strictObject({ app: nameSchema }),
    response: registeredAppSchema,
  },
  saveApp: {
    method: 'PUT',
    path: '/apps/:app',
    tag: 'apps',
    summary: 'Adds or changes an app (administrators)',
    auth: 'token',
    params: z.strictObject({ app: nameSchema }),
    body: appSchema.omit({ name: true }),
    response: registeredAppSchema,
  },
  removeApp: {
    method: 'DELETE',
    path: '/apps/:app',
    tag: 'apps',
    summary: 'Takes an app away; its jobs that were submitted go on (administrators)',
    auth: 'token',
    status: 204,
    params: z.strictObject({ app: nameSchema }),
  },
} as const satisfies RouteContracts;
