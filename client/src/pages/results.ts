import type { ResultBlock } from '../views/resultBlocks.ts';
import type { ResultCell, ResultsRequest, ShowResults } from '../views/resultMessages.ts';

/** The page of results: runs in a webview, where nothing of VS Code or Node is. */
declare function acquireVsCodeApi(): { postMessage(request: ResultsRequest): void };

const editor = acquireVsCodeApi();
const root = document.querySelector('main') as HTMLElement;
/** Scripts without it do not run on this page, nor in its frames. */
const nonce = (document.currentScript as HTMLScriptElement).nonce;
const shown = new Map<string, HTMLElement>();
const unfinished = new Set<string>();

window.addEventListener(
  'message',
  ({ data, source }: MessageEvent<ShowResults | { height: number }>) => {
    if ('height' in data) resize(source, data.height);
    else show(data);
  },
);

function show({ file, cells }: ShowResults): void {
  const kept = new Set(cells.map(({ key }) => key));
  for (const [key, element] of shown) {
    if (kept.has(key)) continue;
    element.remove();
    shown.delete(key);
  }
  cells.forEach((cell, i) => {
    const section = update(cell);
    // A frame that is moved loads again.
    if (root.children[i] !== section) root.insertBefore(section, root.children[i] ?? null);
  });
  speak(cells);
  const empty = document.querySelector('#empty') as HTMLElement;
  empty.hidden = cells.length > 0;
  empty.textContent = `Nothing of ${file === '' ? 'this file' : file} has run yet: press Run on Metal above a cell.`;
}

/** A screen reader says the line of a cell that has ended. */
function speak(cells: readonly ResultCell[]): void {
  const ended = cells.filter(({ key, isFinished }) => isFinished && unfinished.delete(key));
  for (const { key, isFinished } of cells) if (!isFinished) unfinished.add(key);
  if (ended.length === 0) return;
  const spoken = document.querySelector('#spoken') as HTMLElement;
  spoken.textContent = ended.map(({ title, line }) => `${title}: ${line}`).join('; ');
}

function update(cell: ResultCell): HTMLElement {
  const section = shown.get(cell.key) ?? newSection(cell);
  shown.set(cell.key, section);
  const [heading, line, body] = [...section.children] as [HTMLElement, HTMLElement, HTMLElement];
  const button = heading.firstElementChild as HTMLButtonElement;
  button.textContent = cell.title;
  button.onclick = () => editor.postMessage({ type: 'reveal', first: cell.first });
  line.textContent = cell.line;
  line.className = `line ${cell.tone}`;
  if (cell.blocks !== undefined) body.replaceChildren(...cell.blocks.map(elementOf));
  return section;
}

function newSection(cell: ResultCell): HTMLElement {
  const section = document.createElement('section');
  const heading = document.createElement('h2');
  const button = document.createElement('button');
  button.title = 'Show this cell in the editor';
  heading.append(button);
  section.append(heading, document.createElement('p'), document.createElement('div'));
  section.setAttribute('aria-label', cell.title);
  return section;
}

function elementOf(block: ResultBlock): HTMLElement {
  switch (block.kind) {
    case 'text': {
      const text = document.createElement('pre');
      text.className = block.stream;
      text.innerHTML = block.html;
      return text;
    }
    case 'image': {
      const image = document.createElement('img');
      image.src = block.source;
      image.alt = block.text === '' ? 'Picture' : block.text;
      return image;
    }
    case 'html':
      return frameOf(block.html, block.hasScripts);
  }
}

/** The frame has an origin of its own, may load nothing, and runs one script: for its height and its colours. */
function frameOf(html: string, hasScripts: boolean): HTMLElement {
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-scripts');
  frame.title = 'Output of the cell';
  frame.srcdoc = `<style id="smelt-theme">${frameStyle()}</style>${html}<script nonce="${nonce}">
addEventListener('message', ({ data }) => { document.querySelector('#smelt-theme').textContent = data.style; });
new ResizeObserver(() => parent.postMessage({ height: document.documentElement.offsetHeight }, '*')).observe(document.documentElement);
</script>`;
  if (!hasScripts) return frame;
  const note = document.createElement('p');
  note.className = 'note';
  note.textContent =
    'Scripts of this output do not run here. Run the cell in a notebook to use them.';
  const both = document.createElement('div');
  both.append(frame, note);
  return both;
}

/** A frame does not see the variables of the theme around it. */
function frameStyle(): string {
  const theme = getComputedStyle(document.documentElement);
  const of = (name: string): string => theme.getPropertyValue(`--vscode-${name}`) || 'inherit';
  return `body { margin: 0; color: ${of('foreground')}; font: ${of('font-size')} ${of('font-family')}; overflow-x: auto; }
a { color: ${of('textLink-foreground')}; }
table { border: 0; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 0.2em 0.8em; text-align: right; border: 0; border-bottom: 1px solid ${of('widget-border')}; }`;
}

/** Another theme has come: VS Code writes its variables to the page, and its name to the body. */
new MutationObserver(() => {
  for (const frame of document.querySelectorAll('iframe'))
    frame.contentWindow?.postMessage({ style: frameStyle() }, '*');
}).observe(document.documentElement, { attributeFilter: ['style'] });

function resize(source: MessageEventSource | null, height: number): void {
  for (const frame of document.querySelectorAll('iframe')) {
    if (frame.contentWindow === source) frame.style.height = `${Math.min(height, 2_000)}px`;
  }
}

editor.postMessage({ type: 'ready' });
