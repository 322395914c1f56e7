import type { JsonObject } from '@interpulse/domain/json.ts';
import { callbackMember, callbackScheme } from '../providers/callback-signature.ts';
import { maximumDeadline } from './action-request.ts';
import type { OwnProvider } from './find-provider.ts';
import { identityUrn, projectUrn } from './urn.ts';

const everyone = 'all_authenticated_users';

/** What a provider of this hub says of itself; `hubUrl` is where others reach it. */
export function describeProvider(provider: OwnProvider, hubUrl: string): JsonObject {
  const { path, title, description, inputSchema, project, ownerId } = provider;
  return {
    types: ['Action'],
    api_version: '1.0',
    title: title.slice(0, 128),
    subtitle: (project === null ? 'An action' : `A flow of project ${project}`).slice(0, 128),
    description: (description || title).slice(0, 4096),
    keywords: ['interpulse'],
    visible_to: [project === null ? 'public' : projectUrn(project)],
    runnable_by: [project === null ? everyone : projectUrn(project)],
    administered_by: ownerId === null ? [] : [identityUrn(ownerId)],
    admin_contact: `the administrator of ${hubUrl}`,
    globus_auth_scope: `${hubUrl}/action-providers/${path}`,
    synchronous: false,
    log_supported: true,
    maximum_deadline: maximumDeadline,
    ...(inputSchema === null ? {} : { input_schema: inputSchema }),
    // Beyond the contract: who sends a callback address with /run hears of the end at once.
    [callbackMember]: [callbackScheme],
  };
}
