// A bot whose replies prove what it read: each says the word it answers and the word before, so that a message that
// was passed over, read twice or read with an old memory shows.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const START = `
flow: start
language: en
title: Faults
owner: { organization: Test, contact: test@example.org }
answers:
  odd: { type: text, purpose: to be said back, keep: conversation }
  even: { type: text, purpose: to be said back, keep: conversation }
steps:
  begin: { set: { even: nothing }, next: one }
  one: { ask: Say something., answer: odd, next: say_odd }
  say_odd: { say: 'You said {{odd}} after {{even}}.', next: two }
  two: { ask: Say more., answer: even, next: say_even }
  say_even: { say: 'You said {{even}} after {{odd}}.', next: one }
`;

/** Writes the bot below a folder; resolves to the settings that name it. */
export async function writeProject(folder) {
  const [flows, locales] = [join(folder, 'flows'), join(folder, 'locales')];
  await mkdir(flows, { recursive: true });
  await mkdir(locales, { recursive: true });
  await writeFile(join(flows, 'start.yaml'), START.trimStart());
  return { FLOWS: flows, LOCALES: locales };
}

const REPLY = /^You said (\S+) after (\S+)\.\n\nSay (?:something|more)\.$/u;

/** What a reply shows: the word it answers and the word before; nulls for the very first; null for anything else. */
export function readReply(text) {
  if (text === 'Say something.') return { word: null, before: null };
  const [, word, before] = REPLY.exec(text) ?? [];
  return word === undefined ? null : { word, before };
}

/** The word that stands for the one before the first. */
export const NOTHING = 'nothing';
