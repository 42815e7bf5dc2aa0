import * as v from 'valibot';

export const commandIds = {
  inspectModel: 'initscope.inspectModel',
  setSizes: 'initscope.setSizes',
  openSample: 'initscope.openSample',
  openLab: 'initscope.openLab',
  applyRecommended: 'initscope.applyRecommended',
} as const;

/** What a link in a hover gives to the command. */
export const inspectArguments = v.object({
  uri: v.string(),
  entry: v.optional(v.string()),
  layer: v.optional(v.string()),
});

export type InspectArguments = v.InferOutput<typeof inspectArguments>;

/** What a link gives to the command that asks for arguments and input. */
export const setSizesArguments = v.object({ uri: v.string(), entry: v.optional(v.string()) });

export type SetSizesArguments = v.InferOutput<typeof setSizesArguments>;
