import { templateLanguage } from './template-language.ts';
import type { KnownTemplate } from './templates.ts';

/** Where a flow names a template, and how many values it gives. */
export interface TemplateUse {
  readonly flow: string;
  readonly step: string;
  readonly name: string;
  readonly parameters: number;
}

export interface TemplateProblem extends TemplateUse {
  readonly code: 'missing' | 'language-missing' | 'not-approved' | 'parameters-differ' | 'cannot-be-filled';
  /** Meta's codes; none: of every language. */
  readonly languages: readonly string[];
  readonly message: string;
}

/**
 * What would make Meta refuse the templates that flows name. `languages`: BCP 47 tags that people can choose; a
 * template is needed in each, for it is sent in the person's own. Pure.
 */
export function templateProblems(
  uses: readonly TemplateUse[],
  known: readonly KnownTemplate[],
  languages: readonly string[],
): readonly TemplateProblem[] {
  const codes = [...new Set(languages.map(templateLanguage))];
  return uses.flatMap((use) => {
    const { name, parameters } = use;
    const problem = (
      code: TemplateProblem['code'],
      concerned: readonly KnownTemplate[] | readonly string[],
      message: string,
    ): TemplateProblem => ({
      ...use,
      code,
      languages: concerned.map((one) => (typeof one === 'string' ? one : one.language)),
      message: `flow ${use.flow}, step ${use.step}: template '${name}' ${message}`,
    });
    const named = known.filter((template) => template.name === name);
    if (named.length === 0)
      return [
        problem('missing', [], "does not exist; add it in Meta's WhatsApp Manager, or correct the name"),
      ];
    const own = named.filter(({ language }) => codes.includes(language));
    const problems: TemplateProblem[] = [];
    const missing = codes.filter((code) => !own.some(({ language }) => language === code));
    if (missing.length > 0)
      problems.push(
        problem(
          'language-missing',
          missing,
          `is not there in ${missing.join(', ')} (it is in ${languagesOf(named)}); add it in Meta's WhatsApp Manager`,
        ),
      );
    const waiting = own.filter(({ status }) => status !== 'APPROVED');
    if (waiting.length > 0) {
      const states = waiting.map(({ language, status }) => `${language}: ${status}`).join(', ');
      problems.push(problem('not-approved', waiting, `is not approved by Meta (${states})`));
    }
    const different = own.filter((template) => template.parameters !== parameters);
    if (different.length > 0) {
      const wants = different.map((template) => `${template.language}: ${String(template.parameters)}`);
      problems.push(
        problem(
          'parameters-differ',
          different,
          `gets ${String(parameters)} values, but its text wants another number (${wants.join(', ')}); name as many answers under with:`,
        ),
      );
    }
    const unfillable = own.filter(({ unfilled }) => unfilled.length > 0);
    if (unfillable.length > 0) {
      const parts = [...new Set(unfillable.flatMap(({ unfilled }) => unfilled))].map((part) => PARTS[part]);
      problems.push(
        problem(
          'cannot-be-filled',
          unfillable,
          `has ${parts.join(' and ')}, which Lotse does not fill in (${languagesOf(unfillable)}); use {{1}}, {{2}} … in its body only`,
        ),
      );
    }
    return problems;
  });
}

const PARTS = {
  names: 'placeholders with names',
  header: 'a header with a value or a file',
  buttons: 'a button with a value',
} as const;

function languagesOf(templates: readonly KnownTemplate[]): string {
  return templates.map(({ language }) => language).join(', ');
}
