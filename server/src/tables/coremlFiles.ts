/** File endings that Core ML writes and reads: compiled or packaged models, no arrays. */
export const coremlModelFiles = /\.(mlpackage|mlmodel|mlmodelc)\/?$/;

/** File endings that hold arrays for MLX, NumPy or llama.cpp: weights without a program. */
export const arrayFiles = /\.(safetensors|gguf|npz|npy)$/;
