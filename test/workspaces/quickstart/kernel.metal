#include <metal_stdlib>
using namespace metal;

// y = a * x + y, one element per thread.
kernel void saxpy(device const float* x [[buffer(0)]],
                  device float* y [[buffer(1)]],
                  constant float& a [[buffer(2)]],
                  uint i [[thread_position_in_grid]]) {
    y[i] = fma(a, x[i], y[i]);
}

// Adds up 32 values per SIMD group without threadgroup memory.
kernel void group_sums(device const half* values [[buffer(0)]],
                       device float* sums [[buffer(1)]],
                       uint i [[thread_position_in_grid]],
                       uint lane [[thread_index_in_simdgroup]],
                       uint group [[simdgroup_index_in_threadgroup]]) {
    float total = simd_sum(float(values[i]) * 1.0f);
    if (lane == 0) {
        sums[group] = total;
    }
}
