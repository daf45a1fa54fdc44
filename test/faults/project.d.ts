/** Writes a bot that says back what it read below a folder; resolves to the settings that name it. */
export declare function writeProject(folder: string): Promise<Record<'FLOWS' | 'LOCALES', string>>;

/** What a reply shows: the word it answers and the word before; nulls for the first; null for anything else. */
export declare function readReply(
  text: string,
): { readonly word: string | null; readonly before: string | null } | null;

/** The word that stands for the one before the first. */
export declare const NOTHING: string;
