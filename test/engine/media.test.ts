import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { mediaName, mediaOf } from '../../src/engine/media.ts';

const word = fc.string({ unit: 'grapheme', minLength: 1 });

test('the name of whatever was sent leads back to it', () => {
  fc.assert(
    fc.property(
      word,
      fc.option(word, { nil: undefined }),
      fc.option(word, { nil: undefined }),
      (type, id, url) => {
        const media = {
          type,
          ...(id === undefined ? {} : { id }),
          ...(url === undefined ? {} : { url }),
        };
        expect(mediaOf(mediaName(media))).toEqual(media);
      },
    ),
  );
});

test('half a letter in it is no error', () => {
  expect(mediaOf(mediaName({ type: 'image', id: 'a\ud800b' }))).toEqual({ type: 'image', id: 'a\ufffdb' });
});

test('any other text is the name of nothing, or at least no error', () => {
  expect(mediaOf('17')).toBeNull();
  expect(mediaOf('type=&id=1')).toBeNull();
  expect(mediaOf('type=image&id=%E0%A4%A')).toEqual({ type: 'image', id: '' });
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      mediaOf(text);
    }),
  );
});
