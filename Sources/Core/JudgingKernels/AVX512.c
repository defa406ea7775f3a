#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,avx512f,avx512dq,avx512vl"))), apply_to = function)
#define KERNELS JudgingKernelsAVX512
#include "Kernels.h"
#pragma clang attribute pop
#endif
