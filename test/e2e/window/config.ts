/** What the window's process tells the suite inside it, as JSON in SMELT_E2E. */
export interface SuiteConfig {
  /** `neighbour` has what stands for the Python extension in its window. */
  readonly suites:
    | 'trusted'
    | 'cells'
    | 'truth'
    | 'restricted'
    | 'neighbour'
    | 'reload'
    | 'activation';
  readonly workspace: string;
  /** Only tests whose title has this text; null: all of them. */
  readonly only: string | null;
  /** Where the suite writes its SuiteResult. */
  readonly results: string;
  /** Python with torch, MLX and IPython. */
  readonly python: string;
  readonly barePython: string;
  /** Socket of the page driver; null where there is no page, as in Electron. */
  readonly driver: string | null;
}

export interface SuiteResult {
  /** Milliseconds that activate() took, where that was measured. */
  readonly activation?: number;
  readonly passed: readonly string[];
  readonly failed: readonly { readonly title: string; readonly error: string }[];
  readonly skipped: readonly { readonly title: string; readonly reason: string }[];
}

/** What the suite may ask of the page that a person would see. */
export type PageRequest =
  | { readonly ask: 'screenshot'; readonly name: string }
  /** Answers with its colour, which is to be another one than `notColor`. */
  | {
      readonly ask: 'waitForInline';
      readonly text: string;
      readonly notColor?: string;
      readonly times?: number;
    }
  | { readonly ask: 'label'; readonly selector: string }
  | {
      readonly ask: 'waitForText';
      readonly text: string;
      readonly within?: string;
      readonly patience?: number;
    }
  /** Answers with the number of elements that have a text. */
  | { readonly ask: 'count'; readonly text: string; readonly within: string }
  /** In a page inside the page, as webviews and the outputs of notebooks are. */
  | { readonly ask: 'waitForFrame'; readonly text: string; readonly patience?: number }
  /** Nothing of the kind is seen: asked after what comes later is there. */
  | { readonly ask: 'noFrame'; readonly text: string }
  | { readonly ask: 'clickFrame'; readonly text: string }
  | { readonly ask: 'noInline'; readonly text: string }
  | { readonly ask: 'waitForSelector'; readonly selector: string }
  | { readonly ask: 'noSelector'; readonly selector: string }
  | { readonly ask: 'click'; readonly selector: string }
  /** Where it shows nothing: some other place of the page may come to lie under it. */
  | { readonly ask: 'parkMouse' }
  /** The window has this class, and all pages in it wear a theme of this kind. */
  | { readonly ask: 'waitForTheme'; readonly shown: string; readonly kind: string }
  | { readonly ask: 'press'; readonly keys: string }
  | { readonly ask: 'type'; readonly text: string };
