/** The classes of Lightning that take an accelerator and a precision. */
export const isTrainer = (name: string): boolean =>
  /^(?:(?:lightning(?:\.pytorch)?|pytorch_lightning)\.Trainer|(?:lightning(?:\.fabric)?|lightning_fabric)\.Fabric)$/.test(
    name,
  );
