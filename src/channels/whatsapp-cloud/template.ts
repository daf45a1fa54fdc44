import type { Message } from '../../engine/message.ts';
import type { Part } from '../channel.ts';
import { WHATSAPP } from '../limits.ts';
import { oneLine, shorten } from '../text.ts';
import { templateLanguage } from './template-language.ts';

const { parameterMax = 1024 } = WHATSAPP.template ?? {};

/**
 * The approved template that says a message outside the window, without recipient; null: it has none. Pure.
 * Its words lie with Meta, under its name and language; only what stands in for {{1}}, {{2}} … is sent.
 */
export function whatsappTemplate({ template, language }: Message): Part | null {
  if (!template) return null;
  const { name, parameters } = template;
  const body = {
    type: 'body',
    parameters: parameters.map((value) => ({ type: 'text', text: filled(value, language) })),
  };
  return {
    type: 'template',
    template: {
      name,
      language: { code: templateLanguage(language) },
      ...(parameters.length > 0 ? { components: [body] } : {}),
    },
  };
}

/** Meta refuses values that are empty, or hold line breaks, tabs or more than four spaces in a row. */
function filled(value: string, language: string): string {
  return shorten(oneLine(value), parameterMax, language) || '…';
}
