const { python, barePython } = JSON.parse(process.env.SMELT_E2E);

const environment = (displayName, executable) => ({
  displayName,
  execInfo: { run: { executable } },
});

exports.activate = () => ({
  getEnvironment: async () => environment('bare', barePython),
  getEnvironments: async () => [
    environment('bare', barePython),
    environment('made by the Environments extension', python),
  ],
});
