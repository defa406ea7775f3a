#ifndef CALLOCATIONCOUNTER_H
#define CALLOCATIONCOUNTER_H

/// How often the calling thread has asked for memory since it started: every call of malloc, calloc, realloc and the
/// aligned variants, from Swift or from C. The program has to be linked with glibc dynamically.
unsigned long CAllocationCounter_count(void);

#endif
