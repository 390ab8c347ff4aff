import { deviceTakers, optionHolders, torchLoaders } from './torchFunctions.ts';

/** Modules of Python itself whose names a program means when it imports them (sys.stdlib_module_names). */
const standardLibrary: ReadonlySet<string> = new Set(
  (
    'abc argparse array ast asyncio atexit base64 bisect builtins calendar cmath codecs collections ' +
    'concurrent configparser contextlib contextvars copy csv ctypes dataclasses datetime decimal difflib ' +
    'email enum errno fcntl fnmatch fractions functools gc getpass glob gzip hashlib heapq hmac html http ' +
    'importlib inspect io itertools json keyword locale logging math mimetypes multiprocessing numbers ' +
    'operator os pathlib pdb pickle pkgutil platform pprint queue random re sched secrets select selectors ' +
    'shelve shlex shutil signal socket sqlite3 ssl stat statistics string struct subprocess sys sysconfig ' +
    'tarfile tempfile textwrap threading time timeit token tokenize tomllib traceback tracemalloc types ' +
    'typing unicodedata unittest urllib uuid warnings weakref xml zipfile zlib zoneinfo'
  ).split(' '),
);

const others: ReadonlySet<string> = new Set([
  'cv2',
  'mlx',
  'numpy',
  'pandas',
  'PIL',
  'scipy',
  'sklearn',
  'tqdm',
]);

/** Packages that the tables speak of: a file of the workspace with such a name is not what is imported. */
export const isKnownPackage = (root: string): boolean =>
  standardLibrary.has(root) ||
  others.has(root) ||
  torchLoaders.has(root) ||
  deviceTakers.has(root) ||
  optionHolders.has(root);
