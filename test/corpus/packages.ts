/** A wheel of the Python package index, by its content. */
export interface CorpusPackage {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
}

/**
 * Packages that use torch or MLX and that many people read: what a change of Smelt adds and removes here
 * is what it will add and remove for others. Only read, never run.
 */
export const corpusPackages: readonly CorpusPackage[] = [
  {
    name: 'accelerate',
    version: '1.15.0',
    sha256: '97eacca0b73e45cb867dbf8c5d5d4dc32219544300e0c8992c7334dc2ef33cec',
  },
  {
    name: 'diffusers',
    version: '0.42.1',
    sha256: '9154faa704ce00e0b77f568e0d64786064368528aab5fc14eeea92f87d788014',
  },
  {
    name: 'einops',
    version: '0.8.2',
    sha256: '54058201ac7087911181bfec4af6091bb59380360f069276601256a76af08193',
  },
  {
    name: 'f5-tts',
    version: '1.1.22',
    sha256: 'f0505dfb5463645caa526bace346ed1c89bcc9acb9ef42fdffd56c2c4c0a09d1',
  },
  {
    name: 'invokeai',
    version: '6.14.2',
    sha256: '7833fe4255d4d7ebe5083ee2170e6c041d91e88c39c27d0b8dfda17ecdf8ebe2',
  },
  {
    name: 'kornia',
    version: '0.9.0',
    sha256: '7a1632fe004a305c94f2b979fc6ab4df26e01f925e74bdb9f8b8a03a1229caaf',
  },
  {
    name: 'lightning',
    version: '2.6.6',
    sha256: '2bcbd6ee840071cd076c7dc9953d7ac1040df92f1c5fa76583aae644f037ab85',
  },
  {
    name: 'mflux',
    version: '0.24.0',
    sha256: '682368f04a1b2b0871144a8d57b7f7866e84dd0fd2bc3a765d1d57918e21237e',
  },
  {
    name: 'mlx-audio',
    version: '0.6.2',
    sha256: 'db57a552bd0ab16aa1fcc435d5fdb1c692d78e64926fa1f73669805c782e5731',
  },
  {
    name: 'mlx-lm',
    version: '0.32.2',
    sha256: '5c0991248cfff5872503d74f466d2532dd8cb7fb3670cb9be7a06d7305dadc04',
  },
  {
    name: 'mlx-vlm',
    version: '0.7.10',
    sha256: 'f112ddaaf1bf0dd1efa702b5675a27df3345614e69e3996d3fbd09d838b8333d',
  },
  {
    name: 'mlx-whisper',
    version: '0.4.3',
    sha256: '6b82b6597a994643a3e5496c7bc229a672e5ca308458455bfe276e76ae024489',
  },
  {
    name: 'peft',
    version: '0.21.2',
    sha256: '106ab6077ff72c54d21577f9af5970e34bac7582cb14209f7b2b511e322a4eae',
  },
  {
    name: 'pytorch-metric-learning',
    version: '2.9.0',
    sha256: 'd51646006dc87168f00cf954785db133a4c5aac81253877248737aa42ef6432a',
  },
  {
    name: 'sentence-transformers',
    version: '6.2.0',
    sha256: 'ffb51ccfef65427cfa61776d0eeeb257600b0099cf0c7533ae9a6856d31e4665',
  },
  {
    name: 'timm',
    version: '1.0.31',
    sha256: '5bd50f7d0fe6d09bf9285ac2523234a1b7e6bf075c0be3e7aed09139fcb617c7',
  },
  {
    name: 'torchaudio',
    version: '2.11.0',
    sha256: '1a07ec72fd6f26a588c39b5f029e0130d16bb40bc4221635580bf8fb18fcbc80',
  },
  {
    name: 'torchmetrics',
    version: '1.9.0',
    sha256: 'bfdcbff3dd1d96b3374bb2496eb39f23c4b28b8a845b6a18c313688e0d2d9ca1',
  },
  {
    name: 'torchvision',
    version: '0.29.1',
    sha256: '2cb678029a5dd45afbbfa662fce49736827d52be33242b5a8a731e0db02ccdf5',
  },
  {
    name: 'transformers',
    version: '5.24.0',
    sha256: 'ff5ebedf9359f94bb63772b6380eba6e7104d010cbbb2cb82c788817ea7486f6',
  },
  {
    name: 'trl',
    version: '1.16.0',
    sha256: 'c4726e139dd40e1a41661511c639c8a68416782b2e3e8c0befebd77bb7ba0396',
  },
  {
    name: 'ultralytics',
    version: '8.4.190',
    sha256: 'bd309728efa168af64d39040136828edd2dbcb4aeceb4510bdff4f3ca0ea01b8',
  },
];
