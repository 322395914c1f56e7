import type { Fetcher } from '@h5web/app';

/** What H5Web's provider asks for, and the route of ours that answers it. */
const routes: Record<string, string> = { meta: 'entity', attr: 'attributes', data: 'value' };

/**
 * Carries H5Web's questions (the h5grove protocol) to our routes. The answers are in that
 * protocol's form, so H5Web reads types, links and filters itself.
 * @throws Error with the hub's own words.
 */
export function hdf5Fetcher(datasetId: string): Fetcher {
  return async (address, params, { abortSignal } = {}) => {
    const question = address.split('/').at(-1) ?? '';
    const route = routes[question];
    if (route === undefined) throw new Error(`the hub does not answer "${question}" of HDF5 files`);
    // Bytes always come in a type that JavaScript has, and JSON always flat: no need to ask.
    const { dtype: _dtype, flatten: _flatten, ...query } = params;
    const search = new URLSearchParams(query).toString();
    const path = `/api/v1/datasets/${datasetId}/hdf5/${route}?${search}`;
    const response = await fetch(path, abortSignal ? { signal: abortSignal } : {});
    if (response.ok) return response.arrayBuffer();
    const problem = (await response.json().catch(() => ({}))) as { detail?: string };
    throw new Error(problem.detail ?? `the hub answered ${response.status} without saying why`);
  };
}
