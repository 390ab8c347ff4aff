import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Page } from 'playwright-core';
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
      await page.screenshot({ path: join(screenshots, `${request.name}.png`) });
      return null;
    case 'waitForInline':
      // The text of a decoration is a pseudo-element.
      await page.waitForFunction(
        (wanted) =>
          [...document.querySelectorAll('.view-lines .view-line span span')].some((span) =>
            getComputedStyle(span, '::after').content.includes(wanted),
          ),
        request.text,
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
    case 'waitForFrame': {
      const holds = async (): Promise<boolean> => {
        const found = await Promise.all(
          page.frames().map((frame) =>
            frame
              .getByText(request.text)
              .first()
              .isVisible()
              .catch(() => false),
          ),
        );
        return found.includes(true);
      };
      const deadline = Date.now() + patience;
      while (!(await holds())) {
        if (Date.now() > deadline) throw new Error(`No frame shows ${request.text}`);
        // Frames come and go: there is no one event to wait for.
        await page.waitForTimeout(100);
      }
      return null;
    }
    case 'click':
      await page.locator(request.selector).first().click({ timeout: patience });
      return null;
    case 'press':
      await page.keyboard.press(request.keys);
      return null;
    case 'type':
      await page.keyboard.type(request.text);
      return null;
  }
}
