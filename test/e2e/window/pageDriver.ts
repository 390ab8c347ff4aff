import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Frame, Page } from 'playwright-core';
import type { PageRequest } from './config.ts';

/** Milliseconds that something may take to appear on the page. */
const patience = 20_000;

/** Answers the suite's requests about the page, one JSON line each; call what it returns to end it. */
export function drivePage(page: Page, socket: string, screenshots: string): Promise<() => void> {
  const server = createServer((connection) => {
    connection.on('error', () => {});
    createInterface({ input: connection }).on('line', async (line) => {
      const { id, request } = JSON.parse(line) as { id: number; request: PageRequest };
      const answer = await answerOf(page, request, screenshots).then(
        (value) => ({ id, value: value ?? null }),
        (error: unknown) => ({ id, error: String(error) }),
      );
      connection.write(`${JSON.stringify(answer)}\n`);
    });
  });
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(socket, () => resolve(() => server.close()));
  });
}

async function answerOf(page: Page, request: PageRequest, screenshots: string): Promise<unknown> {
  switch (request.ask) {
    case 'screenshot':
      // What is drawn in the next frame, or fades in, is there.
      await page.evaluate(painted);
      await page.screenshot({
        path: join(screenshots, `${request.name}.png`),
        animations: 'disabled',
      });
      return null;
    case 'waitForInline': {
      const wanted = { text: request.text, not: request.notColor ?? '', times: request.times ?? 1 };
      const color = await page.waitForFunction(inlineColor, wanted, { timeout: patience });
      return color.jsonValue();
    }
    case 'noInline':
      await page.waitForFunction(
        `!(${inlineColor})(${JSON.stringify({ text: request.text, not: '', times: 1 })})`,
        undefined,
        { timeout: patience },
      );
      return null;
    case 'label':
      await page.waitForSelector(request.selector, { timeout: patience });
      return page.locator(request.selector).first().getAttribute('aria-label');
    case 'waitForText':
      await page
        .locator(request.within ?? 'body')
        .getByText(request.text)
        .first()
        .waitFor({ timeout: request.patience ?? patience });
      return null;
    case 'count':
      return page.locator(request.within).getByText(request.text).count();
    case 'waitForFrame':
      await untilFrames(page, request.text, true, request.patience);
      return null;
    case 'noFrame':
      await untilFrames(page, request.text, false);
      return null;
    case 'clickFrame': {
      await untilFrames(page, request.text, true);
      const shown = await Promise.all(
        page.frames().map(async (frame) => ((await shows(frame, request.text)) ? frame : null)),
      );
      const inner = shown.find((frame) => frame !== null && frame !== page.mainFrame());
      await inner?.getByText(request.text).first().click({ timeout: patience });
      return null;
    }
    case 'waitForSelector':
      await page.waitForSelector(request.selector, { timeout: patience, state: 'attached' });
      return null;
    case 'noSelector':
      await page.waitForSelector(request.selector, { timeout: patience, state: 'hidden' });
      return null;
    case 'click':
      await page.locator(request.selector).first().click({ timeout: patience });
      return null;
    case 'parkMouse':
      // The middle of the status bar.
      await page.mouse.move(640, 850);
      return null;
    case 'waitForTheme':
      await page.waitForSelector(`.monaco-workbench.${request.shown}`, { timeout: patience });
      await untilFramesWear(page, request.kind);
      return null;
    case 'press':
      await page.keyboard.press(request.keys);
      return null;
    case 'type':
      await page.keyboard.type(request.text);
      return null;
  }
}

interface Inline {
  readonly text: string;
  readonly not: string;
  readonly times: number;
}

/** The colour of a decoration that is seen so many times; its text is a pseudo-element. Runs in the page. */
const inlineColor = ({ text, not, times }: Inline): string | undefined =>
  [...document.querySelectorAll('.view-lines .view-line span span')]
    .map((span) => getComputedStyle(span, '::after'))
    .filter(({ content, color }) => content.includes(text) && color !== not)[times - 1]?.color;

/** Two frames later. Runs in the page. */
const painted = (): Promise<void> =>
  new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())));

/** Waits until every webview of the page has heard of the theme. */
async function untilFramesWear(page: Page, kind: string): Promise<void> {
  const deadline = Date.now() + patience;
  for (;;) {
    const kinds = await Promise.all(page.frames().map(themeKindOf));
    if (kinds.every((each) => each === null || each === kind)) return;
    if (Date.now() > deadline) throw new Error(`A webview is ${kinds.join()}, not ${kind}`);
    // Frames come and go: there is no one event to wait for.
    await page.waitForTimeout(50);
  }
}

/** null: no webview, or one that has just gone. */
const themeKindOf = (frame: Frame): Promise<string | null> =>
  frame
    .evaluate(() => document.body?.getAttribute('data-vscode-theme-kind') ?? null)
    .catch(() => null);

/** Waits until some frame of the page shows a text, or none does. */
async function untilFrames(
  page: Page,
  text: string,
  wanted: boolean,
  limit = patience,
): Promise<void> {
  const holds = async (): Promise<boolean> => {
    // The page itself has the text of editors, where the same words stand.
    const inner = page.frames().filter((frame) => frame !== page.mainFrame());
    const found = await Promise.all(inner.map((frame) => shows(frame, text)));
    return found.includes(true);
  };
  const deadline = Date.now() + limit;
  while ((await holds()) !== wanted) {
    if (Date.now() > deadline) throw new Error(`${wanted ? 'No' : 'A'} frame shows ${text}`);
    // Frames come and go: there is no one event to wait for.
    await page.waitForTimeout(100);
  }
}

/** A frame may be there and not be painted yet: what it is in has to be visible too. */
async function shows(frame: Frame, text: string): Promise<boolean> {
  const isVisible = await frame
    .getByText(text)
    .first()
    .isVisible()
    .catch(() => false);
  for (let inner: Frame | null = frame; isVisible && inner?.parentFrame() != null; ) {
    const element = await inner.frameElement().catch(() => null);
    if ((await element?.isVisible().catch(() => false)) !== true) return false;
    inner = inner.parentFrame();
  }
  return isVisible;
}
