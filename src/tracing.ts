import { context, isSpanContextValid, SpanStatusCode, trace, type Tracer } from '@opentelemetry/api';
import { noMeter, type Meter } from './runtime/meter.ts';

/**
 * Spans for whoever has registered an OpenTelemetry SDK in this process (`NODE_OPTIONS=--import …`); asked once, at the
 * start. Without one nothing is made and nothing is called.
 */
export function createSpans(): Meter['span'] {
  const tracer = registered();
  if (!tracer) return noMeter.span;
  return (name, channel, run, ended) => {
    const span = tracer.startSpan(`lotse.${name}`);
    if (channel !== '') span.setAttribute('lotse.channel', channel);
    // What `run` begins shows below this span.
    return context.with(trace.setSpan(context.active(), span), async () => {
      try {
        const result = await run();
        if (ended) span.setAttribute('lotse.outcome', ended(result));
        return result;
      } catch (error) {
        // The name alone: messages may quote what people wrote.
        span.setAttribute('error.type', error instanceof Error ? error.name : 'unknown');
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        span.end();
      }
    });
  };
}

/** The API always has a tracer; whether anything stands behind it shows in what it makes. */
function registered(): Tracer | null {
  const tracer = trace.getTracer('lotse');
  const span = tracer.startSpan('lotse.start');
  span.end();
  return isSpanContextValid(span.spanContext()) ? tracer : null;
}
