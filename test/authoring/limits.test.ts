import { expect, test } from '@jest/globals';
import { LABEL_LIMITS, MEDIA_BYTES_MAX } from '../../src/authoring/limits.ts';
import { MESSENGER, WHATSAPP } from '../../src/channels/limits.ts';

test('what translators are told is what the channels show', () => {
  const { whatsapp, messenger } = LABEL_LIMITS;
  expect(whatsapp).toEqual({
    buttons: WHATSAPP.buttons?.max,
    button: WHATSAPP.buttons?.titleMax,
    row: WHATSAPP.list?.titleMax,
    detail: WHATSAPP.list?.descriptionMax,
    listButton: WHATSAPP.list?.buttonMax,
    body: WHATSAPP.list?.bodyMax,
  });
  expect([WHATSAPP.buttons?.bodyMax, WHATSAPP.locationRequest?.bodyMax]).toEqual([
    whatsapp.body,
    whatsapp.body,
  ]);
  expect(messenger).toEqual({ quickReply: MESSENGER.quickReplies?.titleMax, text: MESSENGER.textMax });
});

test('files that authors may name are none that a channel refuses', () => {
  for (const { media } of [WHATSAPP, MESSENGER]) {
    expect(MEDIA_BYTES_MAX.image).toBeLessThanOrEqual(media?.image?.bytesMax ?? Infinity);
    expect(MEDIA_BYTES_MAX.voice).toBeLessThanOrEqual(media?.audio?.bytesMax ?? Infinity);
  }
  expect(MEDIA_BYTES_MAX).toEqual({
    image: WHATSAPP.media?.image?.bytesMax,
    voice: WHATSAPP.media?.audio?.bytesMax,
  });
});
