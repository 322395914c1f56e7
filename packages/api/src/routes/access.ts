import { z } from 'zod';
import { principalSchema, projectRoleSchema } from '@interpulse/domain/access/principal.ts';
import { nameSchema } from '@interpulse/domain/location.ts';
import { instantSchema } from '@interpulse/domain/time.ts';
import { pageOf, pageQuery, type RouteContracts } from './contract.ts';

/** A token as it is listed: never its secret. */
export const tokenSchema = z.strictObject({
  id: z.string(),
  label: z.string(),
  owner: z.string(),
  createdAt: instantSchema,
  usedAt: instantSchema.nullable(),
  expiresAt: instantSchema.nullable(),
});

/** A user or service account. */
export const userSchema = z.strictObject({
  id: z.string(),
  name: nameSchema,
  title: z.string(),
  kind: z.enum(['user', 'serviceAccount']),
  admin: z.boolean(),
  /** Whose managers keep a service account; null for people and for accounts of the hub. */
  project: nameSchema.nullable(),
  createdAt: instantSchema,
});

/** A project with its members. */
export const projectSchema = z.strictObject({
  name: nameSchema,
  title: z.string(),
  members: z.array(z.strictObject({ name: nameSchema, role: projectRoleSchema })),
  createdAt: instantSchema,
});

/** Sign-in, users, projects and tokens. */
export const accessRoutes = {
  getHealth: {
    method: 'GET',
    path: '/health',
    tag: 'hub',
    summary: 'Whether the hub and its database answer',
    auth: 'none',
    response: z.strictObject({ status: z.literal('ok'), version: z.string(), now: instantSchema }),
  },
  getMetrics: {
    method: 'GET',
    path: '/metrics',
    tag: 'hub',
    summary: 'Figures for Prometheus (administrators)',
    auth: 'token',
    produces: 'text/plain',
  },
  signIn: {
    method: 'POST',
    path: '/sign-in',
    tag: 'access',
    summary: 'Exchanges a one-time code for a browser session (an HttpOnly cookie)',
    auth: 'none',
    body: z.strictObject({ code: z.string().min(8).max(200) }),
    response: principalSchema,
  },
  signOut: {
    method: 'POST',
    path: '/sign-out',
    tag: 'access',
    summary: 'Ends the browser session',
    auth: 'token',
    status: 204,
  },
  createSignInCode: {
    method: 'POST',
    path: '/sign-in-codes',
    tag: 'access',
    summary: 'Makes a one-time code with which the caller signs a browser in',
    auth: 'token',
    status: 201,
    response: z.strictObject({ code: z.string(), expiresAt: instantSchema }),
  },
  whoAmI: {
    method: 'GET',
    path: '/me',
    tag: 'access',
    summary: 'Who the caller is, and its projects',
    auth: 'token',
    response: principalSchema,
  },
  listUsers: {
    method: 'GET',
    path: '/users',
    tag: 'access',
    summary: 'Users and service accounts',
    auth: 'token',
    query: z.strictObject(pageQuery),
    response: pageOf(userSchema),
  },
  createUser: {
    method: 'POST',
    path: '/users',
    tag: 'access',
    summary: 'Adds a user or a service account',
    auth: 'token',
    status: 201,
    body: z.strictObject({
      name: nameSchema,
      title: z.string().max(200).default(''),
      kind: z.enum(['user', 'serviceAccount']).default('user'),
      admin: z.boolean().default(false),
    }),
    response: userSchema,
  },
  listServiceAccounts: {
    method: 'GET',
    path: '/service-accounts',
    tag: 'access',
    summary: 'Service accounts that the caller keeps: of projects that it manages',
    auth: 'token',
    query: z.strictObject(pageQuery),
    response: pageOf(userSchema),
  },
  createServiceAccount: {
    method: 'POST',
    path: '/service-accounts',
    tag: 'access',
    summary: 'Adds a service account of a project, kept by its managers',
    auth: 'token',
    status: 201,
    body: z.strictObject({
      name: nameSchema,
      title: z.string().max(200).default(''),
      project: nameSchema.optional(),
      /** Its part in the project. */
      role: z.enum(['reader', 'member']).default('member'),
    }),
    response: userSchema,
  },
  listTokens: {
    method: 'GET',
    path: '/tokens',
    tag: 'access',
    summary: "The caller's tokens, or those of a service account that it keeps",
    auth: 'token',
    query: z.strictObject({ ...pageQuery, user: nameSchema.optional() }),
    response: pageOf(tokenSchema),
  },
  createToken: {
    method: 'POST',
    path: '/tokens',
    tag: 'access',
    summary: 'Makes a token; its secret is shown this once',
    auth: 'token',
    status: 201,
    body: z.strictObject({
      label: z.string().max(200).default(''),
      /** For another: administrators; the managers of its project for a service account. */
      user: nameSchema.optional(),
      expiresAt: instantSchema.nullable().default(null),
    }),
    response: z.strictObject({ token: tokenSchema, secret: z.string() }),
  },
  revokeToken: {
    method: 'DELETE',
    path: '/tokens/:tokenId',
    tag: 'access',
    summary: 'Revokes a token at once',
    auth: 'token',
    status: 204,
    params: z.strictObject({ tokenId: z.string() }),
  },
  listProjects: {
    method: 'GET',
    path: '/projects',
    tag: 'access',
    summary: "The caller's projects",
    auth: 'token',
    query: z.strictObject(pageQuery),
    response: pageOf(projectSchema),
  },
  createProject: {
    method: 'POST',
    path: '/projects',
    tag: 'access',
    summary: 'Adds a project (administrators)',
    auth: 'token',
    status: 201,
    body: z.strictObject({ name: nameSchema, title: z.string().max(200).default('') }),
    response: projectSchema,
  },
  setProjectMember: {
    method: 'PUT',
    path: '/projects/:project/members/:user',
    tag: 'access',
    summary: 'Gives a user a role in a project',
    auth: 'token',
    params: z.strictObject({ project: nameSchema, user: nameSchema }),
    body: z.strictObject({ role: projectRoleSchema }),
    response: projectSchema,
  },
  removeProjectMember: {
    method: 'DELETE',
    path: '/projects/:project/members/:user',
    tag: 'access',
    summary: 'Takes a user out of a project',
    auth: 'token',
    params: z.strictObject({ project: nameSchema, user: nameSchema }),
    response: projectSchema,
  },
} as const satisfies RouteContracts;
