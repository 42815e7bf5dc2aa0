import * as v from 'valibot';

export const commandIds = { inspectModel: 'initscope.inspectModel' } as const;

/** What a link in a hover gives to the command. */
export const inspectArguments = v.object({
  uri: v.string(),
  entry: v.optional(v.string()),
  layer: v.optional(v.string()),
});

export type InspectArguments = v.InferOutput<typeof inspectArguments>;
