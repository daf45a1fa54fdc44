import { instance } from '@viz-js/viz';
import { graphDot } from './dot.ts';
import type { FlowGraph } from './model.ts';
import { plain } from './words.ts';

/** What Graphviz has no words for: the names of steps are smaller than what is said there. */
const STYLE = `<style>
text { font-family: Arial, "Liberation Sans", Helvetica, "Noto Sans", "Noto Sans Arabic", sans-serif; }
.named text:first-of-type { font-size: 10px; opacity: 0.7; }
</style>`;

/** Drawn by Graphviz (WebAssembly, nothing to install, no network). */
export async function graphSvg(graph: FlowGraph): Promise<string> {
  const viz = await instance();
  const svg = viz.renderString(graphDot(graph), { format: 'svg' });
  const label = `${graph.title} (${graph.flow})`;
  return svg.slice(Math.max(0, svg.indexOf('<svg'))).replace(/<svg([^>]*)>/, (_whole, attributes: string) => {
    const named = ` role="img" lang="${attribute(graph.language)}" aria-label="${attribute(plain(label))}"`;
    return `<svg${named}${attributes}>\n${STYLE}`;
  });
}

function attribute(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
