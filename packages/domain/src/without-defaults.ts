import { z } from 'zod';

type Bare<S extends z.ZodType> = S extends z.ZodDefault<infer Inner extends z.ZodType> ? Inner : S;

/** A shape whose members may be left out, and then stay out. */
export type ShapeWithoutDefaults<S extends z.ZodRawShape> = {
  [K in keyof S]: S[K] extends z.ZodType ? z.ZodOptional<Bare<S[K]>> : never;
};

/**
 * The schema of a change: what is left out stays as it is. (`partial()` alone would keep the
 * defaults, and so overrule what was set before.)
 */
export function withoutDefaults<S extends z.ZodRawShape>(
  schema: z.ZodObject<S>,
): z.ZodObject<ShapeWithoutDefaults<S>, z.core.$strict> {
  const shape = Object.entries(schema.shape).map(([name, member]) => {
    const bare = member instanceof z.ZodDefault ? member.unwrap() : member;
    return [name, z.optional(bare as z.ZodType)];
  });
  return z.strictObject(Object.fromEntries(shape) as ShapeWithoutDefaults<S>);
}
