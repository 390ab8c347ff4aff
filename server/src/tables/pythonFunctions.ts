/** Clocks whose readings are subtracted to time something. `process_time` counts the CPU only. */
export const clocks: ReadonlySet<string> = new Set([
  'time.time',
  'time.time_ns',
  'time.perf_counter',
  'time.perf_counter_ns',
  'time.monotonic',
  'time.monotonic_ns',
  'time.process_time',
  'time.process_time_ns',
  'timeit.default_timer',
  'datetime.datetime.now',
  'datetime.datetime.utcnow',
]);

/** Calls that end the program or the test. */
export const exits: ReadonlySet<string> = new Set([
  'sys.exit',
  'os._exit',
  'os.abort',
  'builtins.exit',
  'builtins.quit',
  'pytest.skip',
  'pytest.exit',
]);

/** Calls that neither synchronise a device, evaluate an array nor change their arguments. */
export const inert: ReadonlySet<string> = new Set([
  ...(
    'abs all any bytes callable chr classmethod dict dir divmod enumerate filter frozenset getattr ' +
    'hasattr hash hex id input isinstance issubclass iter len list map next object oct open ord ' +
    'pow property range reversed set setattr slice sorted staticmethod sum super tuple type vars zip'
  )
    .split(' ')
    .map((name) => `builtins.${name}`),
  'time.sleep',
  'time.strftime',
  'time.process_time',
  'gc.collect',
  'random.seed',
  'os.getenv',
  'os.path.join',
  'os.path.exists',
  'os.makedirs',
  'numpy.random.seed',
]);

/** Names that Python knows without an import. */
export const builtins: ReadonlySet<string> = new Set(
  (
    'abs all any bin bool bytes callable chr classmethod complex dict dir divmod enumerate eval exec exit filter float ' +
    'format frozenset getattr globals hasattr hash hex id input int isinstance issubclass iter len list ' +
    'locals map max memoryview min next object oct open ord pow print property quit range repr reversed round set ' +
    'setattr slice sorted staticmethod str sum super tuple type vars zip ' +
    'BaseException Exception AssertionError AttributeError ImportError ModuleNotFoundError KeyboardInterrupt ' +
    'NotImplementedError OSError RuntimeError SystemExit TypeError ValueError'
  ).split(' '),
);

/** Built-in conversions that need the value of an array: they wait for the device. */
export const readingBuiltins: ReadonlySet<string> = new Set(
  ['print', 'str', 'repr', 'float', 'int', 'bool', 'format', 'max', 'min', 'round', 'complex'].map(
    (name) => `builtins.${name}`,
  ),
);

/** Packages that reach nothing of a program but what it hands to them. */
export const strangers: ReadonlySet<string> = new Set(
  (
    'argparse builtins collections copy csv datetime functools itertools json logging math matplotlib ' +
    'mlflow os pathlib pickle random re shutil string sys tensorboard textwrap time tqdm wandb warnings'
  ).split(' '),
);
