import { DomainError } from '@interpulse/domain/error.ts';
import { parseDefinition, type FlowDefinition } from '@interpulse/domain/flow/definition.ts';
import type { Executor } from '@interpulse/store/executor.ts';
import { findFlowVersion } from '@interpulse/store/flows/flows.ts';

const mostKept = 500;

/** Parsed definitions by flow and version; a version never changes. */
export interface DefinitionCache {
  /** @throws DomainError notFound, when there is no such version. */
  get(flowName: string, version: number, db?: Executor): Promise<FlowDefinition>;
}

/** Makes an empty cache over the store. */
export function createDefinitionCache(db: Executor): DefinitionCache {
  const known = new Map<string, FlowDefinition>();
  return {
    async get(flowName, version, executor = db) {
      const key = `${version} ${flowName}`;
      const found = known.get(key);
      if (found) return found;
      const flow = await findFlowVersion(executor, flowName, version);
      if (!flow) throw new DomainError('notFound', `flow ${flowName} has no version ${version}`);
      const parsed = parseDefinition(flow.definition);
      if ('faults' in parsed) {
        const which = `version ${version} of flow ${flowName}`;
        const message = `${which} is no longer understood; save it again`;
        throw new DomainError('invalid', message, { faults: parsed.faults });
      }
      if (known.size >= mostKept) known.delete(known.keys().next().value ?? '');
      known.set(key, parsed.definition);
      return parsed.definition;
    },
  };
}
