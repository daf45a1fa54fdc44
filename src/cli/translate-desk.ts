import { PHRASES_FLOW } from '../engine/phrases.ts';
import { loadProject, type Project } from '../authoring/project.ts';
import { languageFolders, translatedOf, type Translated } from '../authoring/translate/files.ts';
import { settings } from './project.ts';
import { EXIT, complain } from './terminal.ts';

/** What every subcommand works on. */
interface Desk {
  readonly project: Project;
  readonly translated: readonly Translated[];
  readonly localesFolder: string;
  /** Those with a folder. */
  readonly languages: readonly string[];
  /** Ids of flows with errors, whose translations are left as they are. */
  readonly broken: readonly string[];
}

/** Flows, translations and languages as they stand; ends with exit code 2 where there are none. */
export async function openDesk(): Promise<Desk> {
  const { FLOWS, LOCALES, START_FLOW } = settings();
  const project = await loadProject(FLOWS, LOCALES, START_FLOW);
  const languages = await languageFolders(LOCALES);
  if (typeof languages === 'string') refuse(languages);
  const translated = translatedOf(project.loaded, LOCALES);
  if (translated.every(({ id }) => id === PHRASES_FLOW))
    refuse(`There is no usable flow in ${FLOWS}; set FLOWS to their folder, and see lotse check`);
  const broken = project.loaded
    .filter(({ flow }) => flow === null)
    .map(({ source }) => source.file.replace(/^.*[\\/]|\.ya?ml$/g, ''));
  return { project, translated, localesFolder: LOCALES, languages, broken };
}

/** Those asked for, or all that have a folder; ends with exit code 2 at an unknown one. */
export function knownLanguages({ languages }: Desk, asked: readonly string[] | undefined): readonly string[] {
  const unknown = (asked ?? []).filter((tag) => !languages.includes(tag));
  if (unknown.length > 0)
    refuse(
      `There are no translations into ${unknown.join(', ')}; there are: ${languages.join(', ')}. Begin with: lotse translate sync --language ${unknown.join(' ')}`,
    );
  return asked ?? languages;
}

export function refuse(message: string): never {
  complain(message);
  process.exit(EXIT.wrongUse);
}
