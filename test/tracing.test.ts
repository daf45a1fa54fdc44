import { afterEach, expect, test } from '@jest/globals';
import {
  INVALID_SPAN_CONTEXT,
  SpanStatusCode,
  trace,
  type Attributes,
  type Span,
  type SpanStatus,
  type Tracer,
} from '@opentelemetry/api';
import { noMeter } from '../src/runtime/meter.ts';
import { createSpans } from '../src/tracing.ts';

interface Kept {
  readonly name: string;
  readonly attributes: Attributes;
  status: SpanStatus | null;
  ended: number;
}

let kept: Kept[] = [];

/** What an SDK does, as far as Lotse needs it: it keeps what it is told. */
function spanOf(name: string): Span {
  const one: Kept = { name, attributes: {}, status: null, ended: 0 };
  kept.push(one);
  const span: Span = {
    spanContext: () => ({ ...INVALID_SPAN_CONTEXT, traceId: '1'.repeat(32), spanId: '2'.repeat(16) }),
    setAttribute(key: string, value: Attributes[string]) {
      one.attributes[key] = value;
      return span;
    },
    setAttributes: () => span,
    addEvent: () => span,
    addLink: () => span,
    addLinks: () => span,
    setStatus(status) {
      one.status = status;
      return span;
    },
    updateName: () => span,
    end: () => void (one.ended += 1),
    isRecording: () => true,
    recordException: () => undefined,
  };
  return span;
}

const tracer: Tracer = {
  startSpan: spanOf,
  startActiveSpan: () => {
    throw new Error('not asked for');
  },
};

const register = (): boolean => trace.setGlobalTracerProvider({ getTracer: () => tracer });

afterEach(() => {
  trace.disable();
  kept = [];
});

test('without an SDK nothing is made: calls go straight through', () => {
  expect(createSpans()).toBe(noMeter.span);
});

test('with one, the start itself is a span: so an operator sees that it works', () => {
  expect(register()).toBe(true);
  createSpans();
  expect(kept).toEqual([{ name: 'lotse.start', attributes: {}, status: null, ended: 1 }]);
});

test('a span names what was done, on which channel, and how it ended', async () => {
  register();
  const span = createSpans();
  kept = [];
  const sent = await span(
    'send',
    'whatsapp',
    () => Promise.resolve({ type: 'sent', to: '+4915112345671' }),
    ({ type }) => type,
  );
  expect(sent.to).toBe('+4915112345671');
  expect(kept).toEqual([
    {
      name: 'lotse.send',
      attributes: { 'lotse.channel': 'whatsapp', 'lotse.outcome': 'sent' },
      status: null,
      ended: 1,
    },
  ]);
});

test('a failure is passed on, and its span ends with the kind of failure but none of its words', async () => {
  register();
  const span = createSpans();
  kept = [];
  const fails = span('turn', 'whatsapp', () => Promise.reject(new RangeError('she said: help me')));
  await expect(fails).rejects.toThrow('she said: help me');
  expect(kept).toEqual([
    {
      name: 'lotse.turn',
      attributes: { 'lotse.channel': 'whatsapp', 'error.type': 'RangeError' },
      status: { code: SpanStatusCode.ERROR },
      ended: 1,
    },
  ]);
  expect(JSON.stringify(kept)).not.toContain('she said');
});
