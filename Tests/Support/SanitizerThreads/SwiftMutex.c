// Swift's Mutex locks and unlocks without contention by atomics in the caller's own code, which the thread sanitizer
// sees. Its code for contention is in its library, built without the sanitizer: a thread that had to wait for
// the lock would be reported as a race. So in a test bundle that is built with it, these go before the library's. (Their
// names are mangled: `Synchronization._MutexHandle._lockSlow(UInt32)` and so on, with the lock's word as `self`.)

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)

#include <errno.h>
#include <linux/futex.h>
#include <sanitizer/tsan_interface.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) _Atomic uint32_t *word

SWIFT void lock_slow(uint32_t thread, SELF) __asm__("$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF");
SWIFT bool try_lock_slow(SELF) __asm__("$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF");
SWIFT void unlock_slow(SELF) __asm__("$s15Synchronization12_MutexHandleV11_unlockSlowyyF");

static int futex(_Atomic uint32_t *word, int operation) {
    long result;
    do {
        result = syscall(SYS_futex, word, operation | FUTEX_PRIVATE_FLAG, 0, NULL, NULL, 0);
    } while (result != 0 && (errno == EINTR || errno == EAGAIN));
    return result == 0 ? 0 : errno;
}

SWIFT void lock_slow(uint32_t thread, SELF) {
    (void)thread;
    // Anything else is a lock taken twice by one thread.
    if (futex(word, FUTEX_LOCK_PI) != 0) abort();
    __tsan_acquire(word);
}

SWIFT bool try_lock_slow(SELF) {
    if (atomic_load_explicit(word, memory_order_relaxed) != 0 || futex(word, FUTEX_TRYLOCK_PI) != 0) return false;
    __tsan_acquire(word);
    return true;
}

SWIFT void unlock_slow(SELF) {
    __tsan_release(word);
    if (futex(word, FUTEX_UNLOCK_PI) != 0) abort();
}

#endif
#endif
