#include "JudgingKernels.h"

#include <stddef.h>

extern const JudgingKernels JudgingKernelsBaseline;

#if defined(__x86_64__)

extern const JudgingKernels JudgingKernelsAVX2;
extern const JudgingKernels JudgingKernelsAVX512;

const JudgingKernels *JudgingKernelsFor(JudgingInstructionSet set) {
    switch (set) {
    case JudgingInstructionSetBaseline:
        return &JudgingKernelsBaseline;
    case JudgingInstructionSetAVX2:
        return __builtin_cpu_supports("avx2") ? &JudgingKernelsAVX2 : NULL;
    case JudgingInstructionSetAVX512:
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")
                && __builtin_cpu_supports("avx512vl")
            ? &JudgingKernelsAVX512
            : NULL;
    default:
        return NULL;
    }
}

#else

const JudgingKernels *JudgingKernelsFor(JudgingInstructionSet set) {
#if defined(__aarch64__)
    return set == JudgingInstructionSetNEON ? &JudgingKernelsBaseline : NULL;
#else
    return set == JudgingInstructionSetBaseline ? &JudgingKernelsBaseline : NULL;
#endif
}

#endif
