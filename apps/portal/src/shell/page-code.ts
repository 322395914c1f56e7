/** The code of a page could not be had: the hub was away, or is another version by now. */
export class PageCodeMissing extends Error {
  constructor(cause: unknown) {
    super('The code of this page could not be loaded.', { cause });
  }
}

/**
 * Loads a part of the portal; a failure is told as one of loading, for {@link PageFault} to mend.
 * As it is, the router would reload the page at once, which a hub that is away does not answer.
 * @throws PageCodeMissing when it does not come.
 */
export function pageCode<T>(load: () => Promise<T>): () => Promise<T> {
  return async () => {
    try {
      return await load();
    } catch (error) {
      throw new PageCodeMissing(error);
    }
  };
}
