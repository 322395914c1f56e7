import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from '@interpulse/domain/access/principal.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { takeCallback } from '@interpulse/store/action-runs/write-action-runs.ts';
import { callbackKeyOf } from '@interpulse/store/action-runs/read-action-runs.ts';
import type { Authenticator } from '../http/authenticate.ts';
import { problemOf } from '../http/problem.ts';
import { topics, type Hub } from '../hub.ts';
import {
  callbackHeader,
  callbackKeyHeader,
  signatureHeader,
  verifyCallback,
} from '../providers/callback-signature.ts';
import { providerLimits } from '../providers/provider-limits.ts';
import { describeProvider } from './describe-provider.ts';
import { findProvider, type OwnProvider } from './find-provider.ts';
import { cancelProvided, findProvided, logOfProvided, releaseProvided } from './manage-provided.ts';
import { providedStatus } from './provided-status.ts';
import { runProvided, type AskedCallback } from './run-provided.ts';

const projectHeader = 'x-interpulse-project';

interface Asked {
  Params: { flow?: string; action?: string; actionId?: string };
}

type Request = FastifyRequest<Asked>;
interface Asking {
  who: Principal;
  request: Request;
  reply: FastifyReply;
}

type Answering = (asked: Asking & { provider: OwnProvider }) => Promise<unknown>;
interface AskedOfAction {
  who: Principal;
  id: string;
  path: string;
  query: unknown;
}
type AnsweringOfAction = (asked: AskedOfAction) => Promise<unknown>;

/** Flows and built-in actions as action providers, outside the API: the contract is another's. */
export async function registerActionProviders(
  server: FastifyInstance,
  hub: Hub,
  authenticator: Authenticator,
): Promise<void> {
  await server.register(async (scope) => {
    scope.setErrorHandler((error, _request, reply) => answerProblem(hub, error, reply));
    for (const base of ['/action-providers/flows/:flow', '/action-providers/:action']) {
      registerProvider(scope, base, hub, authenticator);
    }
  });
  await server.register(async (scope) => registerCallbacks(scope, hub));
}

function registerProvider(
  scope: FastifyInstance,
  base: string,
  hub: Hub,
  authenticator: Authenticator,
): void {
  const asking = async (request: Request): Promise<Principal> => {
    const { who } = await authenticator.principal(request);
    if (who.jobId === null) return who;
    throw new DomainError('forbidden', 'the token of a job does not run action providers');
  };
  const answering = (answer: Answering) => async (request: Request, reply: FastifyReply) => {
    const who = await asking(request);
    return answer({ who, request, reply, provider: await findProvider(hub, who, request.params) });
  };
  const describe = answering(async ({ provider }) =>
    describeProvider(provider, hub.providers.ownUrl() ?? 'http://localhost'),
  );
  scope.get<Asked>(base, describe);
  scope.get<Asked>(`${base}/`, describe);
  scope.post<Asked>(
    `${base}/run`,
    { bodyLimit: providerLimits.bodyBytes },
    answering(async ({ who, provider, request, reply }) => {
      const callback = callbackOf(hub, request);
      const { status, document } = await runProvided(hub, who, provider, request.body, {
        callback,
        project: projectOf(request),
      });
      if (callback !== null) reply.header(callbackHeader, 'accepted');
      return reply.code(status).send(document);
    }),
  );
  registerActions(scope, base, hub, asking);
}

/** Who has a part in an action need not know of the flow that it is. */
function registerActions(
  scope: FastifyInstance,
  base: string,
  hub: Hub,
  asking: (request: Request) => Promise<Principal>,
): void {
  const answering = (answer: AnsweringOfAction) => async (request: Request) => {
    const who = await asking(request);
    const { flow, action = '', actionId: id = '' } = request.params;
    const path = flow === undefined ? action : `flows/${flow}`;
    return answer({ who, id, path, query: request.query });
  };
  scope.get<Asked>(
    `${base}/:actionId/status`,
    answering(async ({ who, ...asked }) => {
      const { action, run } = await findProvided(hub, who, asked, 'read');
      return providedStatus(hub.db, action, run);
    }),
  );
  scope.post<Asked>(
    `${base}/:actionId/cancel`,
    answering(async ({ who, ...asked }) =>
      cancelProvided(hub, who, await findProvided(hub, who, asked, 'run')),
    ),
  );
  scope.post<Asked>(
    `${base}/:actionId/release`,
    answering(async ({ who, ...asked }) =>
      releaseProvided(hub, await findProvided(hub, who, asked, 'run')),
    ),
  );
  scope.get<Asked>(
    `${base}/:actionId/log`,
    answering(async ({ who, ...asked }) =>
      logOfProvided(hub, await findProvided(hub, who, asked, 'read'), asked.query),
    ),
  );
}

/** For callers who are in several projects; the contract has no member for it. */
function projectOf({ headers }: Request): string | undefined {
  const project = headers[projectHeader];
  return typeof project === 'string' ? project : undefined;
}

/** Only to addresses that the administrator lists: a caller must not make the hub call others. */
function callbackOf(hub: Hub, { headers }: Request): AskedCallback | null {
  const url = headers[callbackHeader];
  const key = headers[callbackKeyHeader];
  if (typeof url !== 'string' || typeof key !== 'string') return null;
  if (key.length < 32 || key.length > 200) return null;
  const chosen = hub.providers.choose(url);
  return 'refusal' in chosen ? null : { url: chosen.url, key };
}

/** A provider says that an action of ours has news; it is believed nothing but that. */
function registerCallbacks(scope: FastifyInstance, hub: Hub): void {
  scope.setErrorHandler((error, _request, reply) => answerProblem(hub, error, reply));
  scope.removeAllContentTypeParsers();
  const parsing = { parseAs: 'string', bodyLimit: providerLimits.callbackBytes } as const;
  scope.addContentTypeParser('*', parsing, (_request, body, done) => done(null, body));
  scope.post<Asked>('/action-callbacks/:actionId', async (request, reply) => {
    const id = request.params.actionId ?? '';
    const signature = request.headers[signatureHeader];
    const key = await callbackKeyOf(hub.db, id);
    const body = typeof request.body === 'string' ? request.body : '';
    const saidAt =
      key === undefined || typeof signature !== 'string'
        ? null
        : verifyCallback(key, body, signature, Date.now());
    const isNews = await hub.transaction(async (tx) => {
      if (saidAt === null || !(await takeCallback(tx, id, saidAt, hub.now()))) return false;
      tx.notify([topics.actions]);
      return true;
    });
    if (isNews) return reply.code(204).send();
    const message = 'this callback is forged, old, said before, or for an action that is over';
    throw new DomainError('forbidden', message);
  });
}

/** As in the API, but what is not valid is 400: the contract knows no 422. */
async function answerProblem(hub: Hub, error: unknown, reply: FastifyReply): Promise<void> {
  const problem = problemOf(error);
  if (problem.status >= 500) hub.log.error({ err: error }, 'a request to a provider failed');
  const status = problem.status === 422 ? 400 : problem.status;
  const code = problem.type.replace('/problems/', '');
  await reply
    .code(status)
    .type('application/json')
    .send(JSON.stringify({ ...problem, status, code }));
}
