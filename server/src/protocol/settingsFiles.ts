/**
 * Files besides Python that the server reads: those that set variables for programs, or say what pip installs.
 * Globs of the client; the server's readers know the same files.
 */
export const settingsFilePatterns: readonly string[] = [
  '**/{.env,.env.*,*.env,.envrc}',
  '**/*.{sh,bash,zsh,command}',
  '**/.{zshrc,zshenv,zprofile,bashrc,bash_profile,profile}',
  '**/{Dockerfile,Containerfile,Dockerfile.*,Containerfile.*,*.dockerfile,*.Dockerfile}',
  '**/.vscode/{launch,tasks,settings}.json',
  '**/{*.code-workspace,devcontainer.json,.devcontainer.json}',
  '**/{pyproject,pixi}.toml',
  '**/{requirements*,*-requirements}.{txt,in}',
  '**/requirements/*.{txt,in}',
  '**/.github/workflows/*.{yml,yaml}',
];
