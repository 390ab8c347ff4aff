/** PyTorch's own indexes of CUDA builds. */
export const cudaIndex = /download\.pytorch\.org\/whl\/(?:nightly\/|test\/)?cu\d+/;

/** `torch==2.5.1+cu121`: local versions that only those indexes have. */
export const cudaPin = /^(?:torch|torchvision|torchaudio)\s*==\s*[\w.]+\+cu\d+/i;
