import { z } from 'zod';
import { idSchema, itemsSchema, textSchema } from '../graph/json.ts';

const partySchema = z.object({ id: idSchema }).optional().catch(undefined);

/** The parts of a Bot Framework activity that Lotse looks at; whatever is broken counts as missing. */
export const activitySchema = z.object({
  type: z.string(),
  id: idSchema,
  timestamp: z.union([z.date(), z.string()]).optional().catch(undefined),
  text: textSchema,
  value: z.unknown().optional(),
  from: partySchema,
  recipient: partySchema,
  conversation: z
    .object({ isGroup: z.boolean().optional().catch(undefined) })
    .optional()
    .catch(undefined),
  attachments: itemsSchema,
  entities: itemsSchema,
  /** The platform's own words. */
  channelData: z.record(z.string(), z.unknown()).catch({}),
});

export type Activity = z.infer<typeof activitySchema>;
